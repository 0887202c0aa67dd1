#include "profile/check_value.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "profile/core_options.hpp"
#include "profile/names.hpp"

namespace paddock::profile {
namespace {

/// The kernel cannot give out less of a CPU, and no other number may be that small.
constexpr double kLeastNumber = 0.01;

class Checker {
 public:
  Checker(const OptionSpec& spec, const Place& place, Problems& problems)
      : spec_(spec), place_(place), problems_(problems) {}

  void check(const Node& value) {
    switch (spec_.type) {
      case OptionType::kBoolean:
        return value.boolean() != nullptr ? void() : wrong_type(value, expected(spec_));
      case OptionType::kInteger:
        return check_integer(value);
      case OptionType::kSize:
        return check_size(value);
      case OptionType::kNumber:
        return check_number(value);
      case OptionType::kText:
        return check_text(value, expected(spec_));
      case OptionType::kTexts:
        return check_texts(value);
      case OptionType::kTextTable:
        return check_table(value);
    }
  }

 private:
  void check_integer(const Node& value) {
    if (const auto* number = value.integer()) {
      return check_range(value, *number, std::to_string(*number));
    }
    wrong_type(value, expected(spec_));
  }

  void check_size(const Node& value) {
    const auto* text = value.text();
    if (text == nullptr && value.integer() == nullptr) {
      return wrong_type(value, expected(spec_));
    }
    if (text == nullptr) {
      return check_range(value, *value.integer(), std::to_string(*value.integer()));
    }
    const auto bytes = parse_size(*text);
    if (!bytes) {
      problems_.add(ErrorCode::kBadValue, value.where, "'" + shown(*text) + "' is not a size",
                    "write digits and a unit: KiB, MiB, GiB, TiB, KB, MB, GB or TB");
      return;
    }
    check_range(value, static_cast<std::int64_t>(*bytes), *text);
  }

  void check_number(const Node& value) {
    const auto number = number_of(value);
    if (!number) {
      return wrong_type(value, expected(spec_));
    }
    const double most = spec_.maximum ? static_cast<double>(*spec_.maximum) : INFINITY;
    const double least =
        std::max(spec_.minimum ? static_cast<double>(*spec_.minimum) : 0, kLeastNumber);
    if (!std::isfinite(*number) || *number < least || *number > most) {
      bad(value,
          name() + " is outside its range of " + plain_number(least) + " to " + plain_number(most));
    }
  }

  static std::string plain_number(double number) {
    return number == kLeastNumber ? "0.01" : std::to_string(static_cast<long long>(number));
  }

  void check_range(const Node& value, std::int64_t number, const std::string& text) {
    if (spec_.minimum && number < *spec_.minimum) {
      bad(value, name() + " is " + text + ", below its minimum of " + limit(*spec_.minimum));
    } else if (spec_.maximum && number > *spec_.maximum) {
      bad(value, name() + " is " + text + ", above its maximum of " + limit(*spec_.maximum));
    } else if (spec_.type == OptionType::kSize && number < 0) {
      bad(value, name() + " is " + text + ", below its minimum of 0");
    }
  }

  std::string limit(std::int64_t number) const {
    return spec_.type == OptionType::kSize ? format_size(static_cast<std::uint64_t>(number))
                                           : std::to_string(number);
  }

  void check_text(const Node& value, const std::string& what) {
    const auto* text = value.text();
    if (text == nullptr) {
      return wrong_type(value, what);
    }
    if (!spec_.choices.empty() &&
        std::find(spec_.choices.begin(), spec_.choices.end(), *text) == spec_.choices.end()) {
      problems_.add(ErrorCode::kBadValue, value.where,
                    "'" + shown(*text) + "' is not a value of " + name(),
                    name_hint(*text, spec_.choices));
    } else if (spec_.narrowing == Narrowing::kMoreBits && !octal_of(*text)) {
      problems_.add(ErrorCode::kBadValue, value.where,
                    "'" + shown(*text) + "' is not a value of " + name(),
                    "write four octal digits, such as \"0022\"");
    } else {
      check_characters(value, *text);
    }
  }

  void check_characters(const Node& value, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint point = decode_utf8(text, at);
      const bool layout = point.value == '\n' || point.value == '\t';
      if (point.value == 0 || (place_.plain && is_deceptive(point.value)) ||
          (is_deceptive(point.value) && !layout && spec_.type != OptionType::kTextTable &&
           point.value >= 0x80)) {
        bad(value, "the character " + named(point.value) + " may not stand in " + name());
        return;
      }
      at += point.bytes;
    }
  }

  static std::string named(char32_t value) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string digits;
    for (int shift = value > 0xffff ? 20 : 12; shift >= 0; shift -= 4) {
      digits += kDigits[(value >> shift) & 15];
    }
    return "U+" + digits;
  }

  void check_texts(const Node& value) {
    const auto* items = value.array();
    if (items == nullptr) {
      return wrong_type(value, expected(spec_));
    }
    std::set<std::string> seen;
    for (const Node& item : *items) {
      const std::size_t before = problems_.count();
      check_text(item, "strings only");
      if (problems_.count() == before && spec_.narrowing != Narrowing::kFree &&
          !seen.insert(*item.text()).second) {
        problems_.add(ErrorCode::kDuplicate, item.where,
                      "'" + shown(*item.text()) + "' stands twice in " + name());
      }
    }
  }

  void check_table(const Node& value) {
    const auto* table = value.table();
    if (table == nullptr) {
      return wrong_type(value, expected(spec_));
    }
    for (const auto& [key, item] : *table) {
      if (item.text() == nullptr) {
        problems_.add(ErrorCode::kWrongType, item.where,
                      "'" + shown(key) + "' in " + name() + " takes a string, not " +
                          std::string(type_name(item)));
      } else {
        check_characters(item, *item.text());
      }
    }
  }

  std::string name() const { return "'" + place_.key + "'" + in_table(place_.table); }

  void wrong_type(const Node& value, const std::string& what) {
    problems_.add(ErrorCode::kWrongType, value.where,
                  name() + " takes " + what + ", not " + std::string(type_name(value)));
  }

  void bad(const Node& value, std::string what) {
    problems_.add(ErrorCode::kBadValue, value.where, std::move(what));
  }

  const OptionSpec& spec_;
  const Place& place_;
  Problems& problems_;
};

}  // namespace

void check_value(const Node& value,
                 const OptionSpec& spec,
                 const Place& place,
                 Problems& problems) {
  Checker(spec, place, problems).check(value);
}

std::string expected(const OptionSpec& spec) {
  switch (spec.type) {
    case OptionType::kBoolean:
      return "true or false";
    case OptionType::kInteger:
      return "an integer";
    case OptionType::kSize:
      return "a size such as \"512MiB\"";
    case OptionType::kNumber:
      return "a number";
    case OptionType::kText:
      return "a string";
    case OptionType::kTexts:
      return "an array of strings";
    case OptionType::kTextTable:
      return "a table of strings";
  }
  return "a value";
}

std::string in_table(const std::string& table) {
  const bool list = table == mount_table().name || table == hook_table().name;
  const std::string name = list ? "[" + table + "]" : table;
  return table.empty() ? std::string{} : " in [" + name + "]";
}

std::optional<std::uint64_t> size_of(const Node& value) {
  if (const auto* bytes = value.integer()) {
    return *bytes < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(*bytes));
  }
  const auto* text = value.text();
  return text == nullptr ? std::nullopt : parse_size(*text);
}

std::optional<double> number_of(const Node& value) {
  if (const auto* integer = value.integer()) {
    return static_cast<double>(*integer);
  }
  const auto* number = std::get_if<double>(&value.value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<unsigned> octal_of(std::string_view text) {
  constexpr std::size_t kDigits = 4;
  if (text.size() != kDigits || text.front() != '0' ||
      text.find_first_not_of("01234567") != std::string_view::npos) {
    return std::nullopt;
  }
  unsigned bits = 0;
  for (const char digit : text) {
    bits = bits * 8 + static_cast<unsigned>(digit - '0');
  }
  return bits;
}

}  // namespace paddock::profile
