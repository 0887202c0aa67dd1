#include "base/when.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace paddock {
namespace {

using namespace std::chrono;
using Time = system_clock::time_point;

/// Takes pieces off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// A number of exactly `digits` digits (0: of any, up to nine) from `least` to `most`.
  std::optional<std::int64_t> number(std::size_t digits, std::int64_t least, std::int64_t most) {
    std::size_t length = text_.find_first_not_of("0123456789");
    length = length == std::string_view::npos ? text_.size() : length;
    std::int64_t value = 0;
    if (length == 0 || length > 9 || (digits != 0 && length != digits)) {
      return std::nullopt;
    }
    std::from_chars(text_.data(), text_.data() + length, value);
    text_.remove_prefix(length);
    return value < least || value > most ? std::nullopt : std::optional<std::int64_t>(value);
  }
  bool sign(char wanted) {
    const bool there = text_.starts_with(wanted);
    text_.remove_prefix(there ? 1 : 0);
    return there;
  }
  std::size_t left() const { return text_.size(); }

 private:
  std::string_view text_;
};

std::optional<Time> parse_ago(std::string_view text, Time now) {
  Scanner scan(text);
  const auto count = scan.number(0, 0, 999'999'999);
  if (!count || scan.left() != 1) {
    return std::nullopt;
  }
  switch (text.back()) {
    case 's':
      return now - seconds(*count);
    case 'm':
      return now - minutes(*count);
    case 'h':
      return now - hours(*count);
    case 'd':
      return *count > 100'000 ? std::nullopt : std::optional<Time>(now - days(*count));
    default:
      return std::nullopt;
  }
}

std::optional<sys_days> parse_day(Scanner& scan) {
  const auto y = scan.number(4, 1970, 9999);
  const bool first = scan.sign('-');
  const auto m = scan.number(2, 1, 12);
  const bool second = scan.sign('-');
  const auto d = scan.number(2, 1, 31);
  if (!y || !m || !d || !first || !second) {
    return std::nullopt;
  }
  const year_month_day date{year(static_cast<int>(*y)), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d))};
  return date.ok() ? std::optional<sys_days>(date) : std::nullopt;
}

/// ".5" is half a second; what is beyond nanoseconds is no time.
std::optional<nanoseconds> parse_fraction(Scanner& scan) {
  if (!scan.sign('.')) {
    return nanoseconds(0);
  }
  const std::size_t before = scan.left();
  const auto value = scan.number(0, 0, 999'999'999);
  if (!value) {
    return std::nullopt;
  }
  std::int64_t scaled = *value;
  for (std::size_t digits = before - scan.left(); digits < 9; ++digits) {
    scaled *= 10;
  }
  return nanoseconds(scaled);
}

/// "Z", "+02:00"; what is to be taken off for UTC.
std::optional<minutes> parse_offset(Scanner& scan) {
  if (scan.sign('Z') || scan.sign('z')) {
    return minutes(0);
  }
  const bool east = scan.sign('+');
  if (!east && !scan.sign('-')) {
    return std::nullopt;
  }
  const auto h = scan.number(2, 0, 23);
  const bool colon = scan.sign(':');
  const auto m = scan.number(2, 0, 59);
  if (!h || !colon || !m) {
    return std::nullopt;
  }
  const minutes offset = hours(*h) + minutes(*m);
  return east ? offset : -offset;
}

std::optional<nanoseconds> parse_clock(Scanner& scan) {
  const auto h = scan.number(2, 0, 23);
  const bool first = scan.sign(':');
  const auto m = scan.number(2, 0, 59);
  const bool second = scan.sign(':');
  const auto s = scan.number(2, 0, 60);
  const auto fraction = parse_fraction(scan);
  if (!h || !m || !s || !fraction || !first || !second) {
    return std::nullopt;
  }
  return hours(*h) + minutes(*m) + seconds(*s) + *fraction;
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scanner scan(text);
  const auto date = parse_day(scan);
  if (!date || scan.left() == 0) {
    return date ? std::optional<Time>(*date) : std::nullopt;
  }
  if (!scan.sign('T') && !scan.sign('t') && !scan.sign(' ')) {
    return std::nullopt;
  }
  const auto clock = parse_clock(scan);
  const auto offset = clock ? parse_offset(scan) : std::nullopt;
  return offset && scan.left() == 0 ? std::optional<Time>(*date + *clock - *offset) : std::nullopt;
}

}  // namespace

Result<Time> parse_when(std::string_view text, Time now) {
  const auto ago = parse_ago(text, now);
  const auto time = ago ? ago : parse_rfc3339(text);
  return time ? Result<Time>(*time)
              : fail(ErrorCode::kUsage, "'" + printable(text) + "' is no point in time",
                     "write 2026-11-27T17:10:00Z, a day, or how long ago: 90s, 10m, 2h, 3d");
}

std::string when_text(std::time_t time) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

}  // namespace paddock
