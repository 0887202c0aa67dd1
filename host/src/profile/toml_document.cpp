#include "profile/toml_document.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include <toml++/toml.h>

#include "base/text.hpp"
#include "profile/toml_limits.hpp"
#include "profile/toml_repetition.hpp"

namespace paddock::profile {
namespace {

constexpr std::size_t kLongestExcerpt = 400;
constexpr std::size_t kMostSlips = 20;  // each means to read the text once more

// Lines of the text, and toml++'s columns (code points) as bytes.
class Places {
 public:
  Places(std::string_view text, const std::string& file) : text_(text), file_(file) {
    for (std::size_t at = 0; at != std::string_view::npos;) {
      starts_.push_back(at);
      const std::size_t end = text.find('\n', at);
      at = end == std::string_view::npos ? end : end + 1;
    }
  }

  SourcePos operator()(const toml::source_region& region) const {
    const std::uint32_t line = region.begin.line;
    if (line == 0 || line > starts_.size()) {
      return SourcePos{file_, 0, 0, 1};
    }
    const std::size_t begin = byte_column(line, region.begin.column);
    const std::size_t end = region.end.line == line ? byte_column(line, region.end.column)
                                                    : this->line(line).size() + 1;
    const auto length = static_cast<std::uint32_t>(end > begin ? end - begin : 1);
    return SourcePos{file_, line, static_cast<std::uint32_t>(begin), length};
  }

 private:
  std::string_view line(std::uint32_t number) const {
    const std::size_t start = starts_[number - 1];
    std::string_view line = text_.substr(start, text_.find('\n', start) - start);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    return line;
  }

  // The 1-based byte at which code point `column` (1-based) of a line begins.
  std::size_t byte_column(std::uint32_t number, std::uint32_t column) const {
    const std::string_view bytes = line(number);
    std::size_t at = 0;
    for (std::uint32_t point = 1; point < column && at < bytes.size(); ++point) {
      ++at;
      while (at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xc0) == 0x80) {
        ++at;
      }
    }
    return at + 1;
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<std::size_t> starts_;
};

class Converter {
 public:
  Converter(std::string_view text, const Places& places, std::vector<Error>& dates)
      : text_(text), places_(places), dates_(dates) {}

  // Nothing for a date.
  std::optional<Node> convert(const toml::node& from) {
    Node to;
    to.where = places_(from.source());
    if (const auto* table = from.as_table()) {
      to.value = convert(*table);
    } else if (const auto* array = from.as_array()) {
      to.value = convert(*array);
    } else if (const auto* text = from.as_string()) {
      to.value = text->get();
    } else if (const auto* integer = from.as_integer()) {
      to.value = integer->get();
    } else if (const auto* number = from.as_floating_point()) {
      to.value = number->get();
    } else if (const auto* boolean = from.as_boolean()) {
      to.value = boolean->get();
    } else {
      Error error = error_in(text_, ErrorCode::kWrongType, to.where,
                             "a date or time stands where no key takes one");
      error.hints.push_back("write it as a string, in quotes");
      dates_.push_back(std::move(error));
      return std::nullopt;
    }
    return to;
  }

 private:
  Node::Table convert(const toml::table& from) {
    Node::Table to;
    for (const auto& [key, value] : from) {
      if (auto node = convert(value)) {
        node->key_where = places_(key.source());
        to.emplace(std::string(key.str()), std::move(*node));
      }
    }
    return to;
  }

  Node::Array convert(const toml::array& from) {
    Node::Array to;
    to.reserve(from.size());
    for (const toml::node& item : from) {
      if (auto node = convert(item)) {
        to.push_back(std::move(*node));
      }
    }
    return to;
  }

  std::string_view text_;
  const Places& places_;
  std::vector<Error>& dates_;
};

Failure all_of(std::vector<Error> errors) {
  const auto before = [](const Error& a, const Error& b) {
    return std::pair(a.where->line, a.where->column) < std::pair(b.where->line, b.where->column);
  };
  std::sort(errors.begin(), errors.end(), before);
  Error first = std::move(errors.front());
  first.others.assign(std::make_move_iterator(errors.begin() + 1),
                      std::make_move_iterator(errors.end()));
  return Failure(std::move(first));
}

// toml++ says "Error while parsing string: ..."; what happened is enough here.
std::string syntax_text(std::string_view description) {
  constexpr std::string_view kNoise = "Error while parsing ";
  if (description.substr(0, kNoise.size()) == kNoise) {
    description.remove_prefix(kNoise.size());
  }
  return "not TOML: " + printable(description);
}

// `text` may have lines less than the one that `places` knows.
Result<Node> read(std::string_view text, const Places& places, std::vector<Error>& dates) {
  try {
    const toml::table table = toml::parse(text);
    return *Converter(text, places, dates).convert(static_cast<const toml::node&>(table));
  } catch (const toml::parse_error& problem) {
    return Failure(error_in(text, ErrorCode::kTomlSyntax, places(problem.source()),
                            syntax_text(problem.description())));
  }
}

}  // namespace

std::string source_line(std::string_view text, std::uint32_t line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(end + 1);
  }
  std::string_view found = line == 0 ? std::string_view{} : text.substr(0, text.find('\n'));
  if (!found.empty() && found.back() == '\r') {
    found.remove_suffix(1);
  }
  return found.size() > kLongestExcerpt ? std::string{} : std::string(found);
}

Error error_in(std::string_view text, ErrorCode code, SourcePos where, std::string what) {
  Error error;
  error.code = code;
  error.what = std::move(what);
  error.excerpt = source_line(text, where.line);
  error.where = std::move(where);
  return error;
}

Result<Node> parse_toml(std::string_view text,
                        const std::string& file,
                        std::vector<Error>& slips,
                        const TomlLimits& limits) {
  if (auto broken = check_limits(text, file, limits)) {
    return Failure(std::move(*broken));
  }
  const Places places(text, file);
  std::string rest(text);
  TakenOut last = TakenOut::kNothing;
  while (true) {
    Result<Node> root = read(rest, places, slips);
    if (root || !is_repetition(root.error().what)) {
      // Without its header, what is left of a table need not be TOML.
      return root || last != TakenOut::kTable ? std::move(root) : Node();
    }
    Error error = std::move(root).error();
    last = slips.size() < kMostSlips ? take_out(rest, error) : TakenOut::kNothing;
    if (last == TakenOut::kNothing) {
      return Failure(std::move(error));
    }
    slips.push_back(std::move(error));
  }
}

Result<Node> parse_toml(std::string_view text, const std::string& file, const TomlLimits& limits) {
  if (auto broken = check_limits(text, file, limits)) {
    return Failure(std::move(*broken));
  }
  std::vector<Error> dates;
  Result<Node> root = read(text, Places(text, file), dates);
  return dates.empty() ? std::move(root) : Result<Node>(all_of(std::move(dates)));
}

}  // namespace paddock::profile
