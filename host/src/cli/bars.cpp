#include "cli/bars.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace paddock::cli {
namespace {

constexpr std::array kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array kMarks = {"_", ".", ":", "-", "=", "+", "*", "#"};

std::string repeated(const char* mark, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += mark;
  }
  return out;
}

/// `part` of `whole` in steps of 0 to `steps`; anything above 0 is one at least.
std::size_t steps_of(std::uint64_t part, std::uint64_t whole, std::size_t steps) {
  const double share = std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(steps) + 0.5);
  return part > 0 ? std::max<std::size_t>(filled, 1) : filled;
}

}  // namespace

std::string short_size(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) {
    value /= 1024;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value,
                kUnits.at(unit));
  return text.data();
}

std::string bar(std::optional<std::uint64_t> part,
                std::optional<std::uint64_t> whole,
                std::size_t width,
                bool ascii) {
  if (!part || !whole || *whole == 0) {
    return std::string(width, '.');
  }
  const std::size_t filled = steps_of(*part, *whole, width);
  return repeated(ascii ? "#" : "█", filled) + repeated(ascii ? "-" : "░", width - filled);
}

std::string sparkline(const std::deque<std::optional<std::uint64_t>>& values,
                      std::uint64_t top,
                      std::size_t width,
                      bool ascii) {
  const auto& levels = ascii ? kMarks : kBlocks;
  const std::size_t first = values.size() - std::min(values.size(), width);
  if (top == 0) {
    for (std::size_t i = first; i < values.size(); ++i) {
      top = std::max(top, values[i].value_or(0));
    }
  }
  std::string out;
  for (std::size_t i = first; i < values.size(); ++i) {
    const std::size_t height =
        values[i] ? steps_of(*values[i], std::max<std::uint64_t>(top, 1), levels.size()) : 0;
    out += values[i] ? levels.at(std::max<std::size_t>(height, 1) - 1) : " ";
  }
  return out;
}

}  // namespace paddock::cli
