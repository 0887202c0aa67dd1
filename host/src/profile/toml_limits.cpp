#include "profile/toml_limits.hpp"

#include <algorithm>

namespace paddock::profile {
namespace {

// Walks over strings and comments, so that what is in them does not count.
class Scanner {
 public:
  Scanner(std::string_view text, const TomlLimits& limits) : text_(text), limits_(limits) {}

  // The offset at which a limit is broken, with the reason; npos when none is.
  std::size_t run() {
    while (at_ < text_.size()) {
      const std::size_t here = at_;
      step();
      if (dots_ >= limits_.key_parts) {
        reason_ = "a key has more than " + std::to_string(limits_.key_parts) + " parts";
        return here;
      }
      if (depth_ > limits_.nesting) {
        reason_ = "values are nested more than " + std::to_string(limits_.nesting) + " deep";
        return here;
      }
      if (is_bare_beyond_ascii(here)) {
        code_ = ErrorCode::kTomlSyntax;
        reason_ = "not TOML: only ASCII may stand outside quotes and comments";
        return here;
      }
    }
    return std::string_view::npos;
  }

  ErrorCode code() const { return code_; }
  const std::string& reason() const { return reason_; }

 private:
  // toml++ 3.3 looks such a byte up in tables of letters, and for some (U+FEBF) its code reaches a
  // place that it declares unreachable. TOML has no use for one there but a mark at the start.
  bool is_bare_beyond_ascii(std::size_t at) const {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    const bool mark = at < kByteOrderMark.size() && text_.substr(0, 3) == kByteOrderMark;
    return (static_cast<unsigned char>(text_[at]) & 0x80) != 0 && !mark;
  }

  void step() {
    switch (const char c = text_[at_]; c) {
      case '#':
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case '"':
      case '\'':
        skip_string(c);
        return;
      case '[':
      case '{':
        ++depth_;
        dots_ = 0;
        break;
      case ']':
      case '}':
        depth_ -= depth_ > 0 ? 1 : 0;
        dots_ = 0;
        break;
      case '.':
        ++dots_;
        break;
      case '=':
      case ',':
      case '\n':
        dots_ = 0;
        break;
      default:
        break;
    }
    ++at_;
  }

  void skip_string(char quote) {
    const std::string triple(3, quote);
    const bool multi_line = text_.substr(at_, 3) == triple;
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        at_ += 2;
        continue;
      }
      if (multi_line ? text_.substr(at_, 3) == triple : text_[at_] == quote) {
        at_ += multi_line ? 3 : 1;
        // One or two more quotes before the closing three belong to the text.
        for (int more = 0; multi_line && more < 2 && at_ < text_.size() && text_[at_] == quote;
             ++more) {
          ++at_;
        }
        return;
      }
      if (!multi_line && text_[at_] == '\n') {
        return;  // not TOML; the parser says so
      }
      ++at_;
    }
  }

  std::string_view text_;
  const TomlLimits& limits_;
  std::size_t at_ = 0;
  std::size_t dots_ = 0;
  std::size_t depth_ = 0;
  ErrorCode code_ = ErrorCode::kFileTooLarge;
  std::string reason_;
};

SourcePos position_of(std::string_view text, std::size_t offset, const std::string& file) {
  SourcePos where{file, 1, 1, 1};
  for (std::size_t at = 0; at < offset; ++at) {
    ++where.column;
    if (text[at] == '\n') {
      ++where.line;
      where.column = 1;
    }
  }
  return where;
}

}  // namespace

std::optional<Error> check_limits(std::string_view text,
                                  const std::string& file,
                                  const TomlLimits& limits) {
  if (text.size() > limits.bytes) {
    return error_in({}, ErrorCode::kFileTooLarge, SourcePos{file, 0, 0, 1},
                    "'" + file + "' is larger than " + std::to_string(limits.bytes / 1024) +
                        " KiB, the most that paddock reads");
  }
  Scanner scanner(text, limits);
  const std::size_t offset = scanner.run();
  if (offset == std::string_view::npos) {
    return std::nullopt;
  }
  return error_in(text, scanner.code(), position_of(text, offset, file), scanner.reason());
}

}  // namespace paddock::profile
