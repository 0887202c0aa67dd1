#include "plugin/toml_node.hpp"

#include <algorithm>

#include <toml++/toml.h>

#include "base/text.hpp"
#include "plugin/toml_guard.hpp"

namespace paddock::plugin {
namespace {

constexpr int kMaxDepth = 32;

/// toml++ counts code points; everything here counts bytes.
std::uint32_t byte_column(std::string_view line, std::uint32_t column) {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(line[i]) & 0xC0) != 0x80;
    if (starts_character && ++seen == column) {
      return static_cast<std::uint32_t>(i + 1);
    }
  }
  return static_cast<std::uint32_t>(line.size() + 1);
}

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

class Converter {
 public:
  Converter(const std::string& file, std::string_view text) : file_(file) {
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      lines_.push_back(without_return(text.substr(start, end - start)));
      start = end + 1;
    }
  }

  SourcePos position(const toml::source_region& region) const {
    SourcePos where;
    where.file = file_;
    where.line = std::max<std::uint32_t>(region.begin.line, 1);
    const std::string_view line = line_at(where.line);
    where.column = byte_column(line, std::max<std::uint32_t>(region.begin.column, 1));
    const std::uint32_t end = region.end.line == region.begin.line
                                  ? byte_column(line, region.end.column)
                                  : static_cast<std::uint32_t>(line.size() + 1);
    where.length = end > where.column ? end - where.column : 1;
    return where;
  }

  Result<Node> convert(const toml::node& node, int depth) const {
    const SourcePos where = position(node.source());
    if (depth > kMaxDepth) {
      return failure(ErrorCode::kFileTooLarge, where,
                     "tables and arrays nest deeper than 32 levels");
    }
    if (const auto* table = node.as_table()) {
      return convert_table(*table, where, depth);
    }
    if (const auto* array = node.as_array()) {
      return convert_array(*array, where, depth);
    }
    if (const auto* text = node.as_string()) {
      return Node(text->get(), where);
    }
    if (const auto* integer = node.as_integer()) {
      return Node(integer->get(), where);
    }
    if (const auto* number = node.as_floating_point()) {
      return Node(number->get(), where);
    }
    if (const auto* boolean = node.as_boolean()) {
      return Node(boolean->get(), where);
    }
    return failure(ErrorCode::kWrongType, where, "dates and times are not used here");
  }

  Failure failure(ErrorCode code, const SourcePos& where, std::string what) const {
    Failure failed = fail_at(code, where, std::move(what));
    failed.value().excerpt = line_at(where.line);
    return failed;
  }

 private:
  Result<Node> convert_table(const toml::table& table, const SourcePos& where, int depth) const {
    Node::Table result;
    for (const auto& [key, value] : table) {
      auto child = convert(value, depth + 1);
      if (!child) {
        return child;
      }
      child->key_where = position(key.source());
      result.emplace(std::string(key.str()), std::move(*child));
    }
    return Node(std::move(result), where);
  }

  Result<Node> convert_array(const toml::array& array, const SourcePos& where, int depth) const {
    Node::Array result;
    for (const toml::node& value : array) {
      auto child = convert(value, depth + 1);
      if (!child) {
        return child;
      }
      result.push_back(std::move(*child));
    }
    return Node(std::move(result), where);
  }

  std::string_view line_at(std::uint32_t number) const {
    return number <= lines_.size() ? lines_[number - 1] : std::string_view{};
  }

  const std::string& file_;
  std::vector<std::string_view> lines_;
};

}  // namespace

std::string_view source_line(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  return without_return(text.substr(0, text.find('\n')));
}

Result<Node> parse_toml(const std::string& file, std::string_view text) {
  const Converter converter(file, text);
  if (text.size() > kMaxTomlBytes) {
    return fail(ErrorCode::kFileTooLarge, "'" + file + "' is larger than 48 KiB");
  }
  if (const auto refusal = guard_toml(text)) {
    return converter.failure(refusal->code,
                             SourcePos{file, refusal->line, refusal->column, refusal->length},
                             refusal->what);
  }
  try {
    const toml::table table = toml::parse(text, std::string_view(file));
    return converter.convert(table, 0);
  } catch (const toml::parse_error& error) {
    return converter.failure(ErrorCode::kTomlSyntax, converter.position(error.source()),
                             "not TOML: " + printable(error.description()));
  }
}

}  // namespace paddock::plugin
