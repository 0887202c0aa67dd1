#include "cli/help.hpp"

namespace paddock::cli {
namespace {

void append_wrapped(std::string& out,
                    std::string_view line,
                    std::size_t indent,
                    std::size_t width) {
  std::size_t column = 0;
  while (!line.empty()) {
    const auto space = line.find(' ');
    const std::string_view word = line.substr(0, space);
    line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
    if (word.empty()) {
      continue;
    }
    if (column != 0 && column + 1 + word.size() > width) {
      out += '\n';
      column = 0;
    }
    if (column == 0) {
      out.append(indent, ' ');
      column = indent;
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
}

}  // namespace

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::string paragraph;
  const auto flush = [&] {
    if (!paragraph.empty()) {
      append_wrapped(out, paragraph, indent, width);
      out += '\n';
      paragraph.clear();
    }
  };
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) {
      flush();
      out += '\n';
    } else if (line.compare(0, 2, "  ") == 0) {
      flush();
      out += std::string(indent, ' ').append(line) + '\n';
    } else {
      paragraph.append(paragraph.empty() ? "" : " ").append(line);
    }
  }
  flush();
  return out;
}

}  // namespace paddock::cli
