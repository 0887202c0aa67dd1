#include "plugin/toml_node.hpp"

#include <algorithm>

#include <toml++/toml.h>

#include "base/text.hpp"

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

class Converter {
 public:
  Converter(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  SourcePos position(const toml::source_region& region) const {
    SourcePos where;
    where.file = file_;
    where.line = std::max<std::uint32_t>(region.begin.line, 1);
    const std::string_view line = source_line(text_, where.line);
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
    failed.value().excerpt = source_line(text_, where.line);
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

  const std::string& file_;
  std::string_view text_;
};

/// The first line with more dots than any key needs, or 0. A dotted key cannot span lines.
std::uint32_t line_of_too_many_dots(std::string_view text) {
  std::uint32_t line = 1;
  std::size_t dots = 0;
  for (const char c : text) {
    dots = c == '\n' ? 0 : dots + (c == '.' ? 1 : 0);
    line += c == '\n' ? 1 : 0;
    if (dots > kMaxDotsPerLine) {
      return line;
    }
  }
  return 0;
}

}  // namespace

std::string_view source_line(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

Result<Node> parse_toml(const std::string& file, std::string_view text) {
  const Converter converter(file, text);
  if (text.size() > kMaxTomlBytes) {
    return fail(ErrorCode::kFileTooLarge, "'" + file + "' is larger than 48 KiB");
  }
  if (const std::uint32_t line = line_of_too_many_dots(text); line != 0) {
    return converter.failure(ErrorCode::kFileTooLarge, SourcePos{file, line, 1, 1},
                             "a line holds more than 32 dots");
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
