#include "profile/toml_repetition.hpp"

#include <algorithm>

#include "profile/names.hpp"
#include "profile/toml_document.hpp"

namespace paddock::profile {
namespace {

std::string_view line_at(std::string_view text, std::size_t start) {
  return text.substr(start, text.find('\n', start) - start);
}

// The offset at which line `number` (1-based) begins.
std::size_t start_of(std::string_view text, std::uint32_t number) {
  std::size_t start = 0;
  for (; number > 1; --number) {
    start = text.find('\n', start) + 1;
  }
  return start;
}

bool is_header(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '[';
}

// The last header above the line at `start`, with its end; empty at the top of the text.
std::string header_above(std::string_view text, std::size_t start) {
  while (start > 0) {
    start = text.rfind('\n', start - 1);
    start = start == 0 || start == std::string_view::npos ? 0 : text.rfind('\n', start - 1) + 1;
    if (is_header(line_at(text, start))) {
      return std::string(line_at(text, start)) + "\n";
    }
  }
  return {};
}

// The table that the next key of a path is looked up in: of an array of tables the last.
const Node::Table* table_of(const Node& node) {
  const auto* items = node.array();
  return items == nullptr || items->empty() ? node.table() : items->back().table();
}

struct Meeting {
  std::string path;        // dotted
  SourcePos first, again;  // of the last key of the path
};

// Goes down both at once, as far as `before` has the keys of the only path in `statement`.
Meeting meet(const Node& before, const Node& statement) {
  Meeting meeting;
  const Node::Table* left = before.table();
  const Node::Table* right = statement.table();
  while (left != nullptr && right != nullptr && !right->empty()) {
    const auto& [key, value] = *right->begin();
    const auto found = left->find(key);
    if (found == left->end()) {
      break;
    }
    meeting.path += (meeting.path.empty() ? "" : ".") + key;
    meeting.first = found->second.key_where;
    meeting.again = value.key_where;
    left = table_of(found->second);
    right = table_of(value);
  }
  return meeting;
}

void blank(std::string& text, std::size_t start) {
  const std::size_t end = std::min(text.find('\n', start), text.size());
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(start),
            text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
}

void blank_table(std::string& text, std::size_t start) {
  do {
    blank(text, start);
    start = text.find('\n', start) + 1;
  } while (start != 0 && start < text.size() && !is_header(line_at(text, start)));
}

}  // namespace

bool is_repetition(std::string_view description) {
  return description.find("cannot redefine existing ") != std::string_view::npos;
}

TakenOut take_out(std::string& text, Error& error) {
  SourcePos& where = *error.where;
  const std::size_t start = start_of(text, where.line);
  const bool header = is_header(line_at(text, start));
  const std::string above = header ? std::string{} : header_above(text, start);
  const auto before = parse_toml(std::string_view(text).substr(0, start), where.file);
  const auto statement = parse_toml(above + std::string(line_at(text, start)), where.file);
  if (!before || !statement) {
    return TakenOut::kNothing;  // a value of several lines, or both in one line
  }
  const Meeting meeting = meet(*before, *statement);
  if (meeting.path.empty()) {
    return TakenOut::kNothing;
  }
  where.column = meeting.again.column;
  where.length = meeting.again.length;
  error.what = "not TOML: '" + shown(meeting.path) + "' stands twice";
  error.context.push_back("first at " + where.file + ":" + std::to_string(meeting.first.line) +
                          ":" + std::to_string(meeting.first.column) + ": " +
                          source_line(text, meeting.first.line));
  header ? blank_table(text, start) : blank(text, start);
  return header ? TakenOut::kTable : TakenOut::kLine;
}

}  // namespace paddock::profile
