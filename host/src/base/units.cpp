#include "base/units.hpp"

#include <array>
#include <limits>
#include <utility>

namespace paddock {
namespace {

using Unit = std::pair<std::string_view, std::uint64_t>;

constexpr std::array<Unit, 9> kUnits = {{
    {"TiB", 1ULL << 40},
    {"GiB", 1ULL << 30},
    {"MiB", 1ULL << 20},
    {"KiB", 1ULL << 10},
    {"TB", 1'000'000'000'000},
    {"GB", 1'000'000'000},
    {"MB", 1'000'000},
    {"KB", 1'000},
    {"B", 1},
}};
constexpr std::size_t kBinaryUnits = 4;

std::optional<std::uint64_t> factor_of(std::string_view unit) {
  if (unit.empty()) {
    return 1;
  }
  for (const auto& [name, factor] : kUnits) {
    if (name == unit) {
      return factor;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::uint64_t number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    const auto digit = static_cast<std::uint64_t>(text[digits] - '0');
    if (number > (kMax - digit) / 10) {
      return std::nullopt;
    }
    number = number * 10 + digit;
  }
  const auto factor = factor_of(text.substr(digits));
  if (digits == 0 || !factor || number > kMax / *factor) {
    return std::nullopt;
  }
  return number * *factor;
}

std::string format_size(std::uint64_t bytes) {
  for (std::size_t i = 0; i < kBinaryUnits; ++i) {
    const auto& [name, factor] = kUnits[i];
    if (bytes != 0 && bytes % factor == 0) {
      return std::to_string(bytes / factor) + std::string(name);
    }
  }
  return std::to_string(bytes) + "B";
}

}  // namespace paddock
