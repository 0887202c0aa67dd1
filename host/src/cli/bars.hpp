// Small pictures of numbers in text. Pure; [any thread].
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace paddock::cli {

/// "1.2 MiB", "3 B": at most four digits; for people alone.
std::string short_size(std::uint64_t bytes);

/// A bar of `width` columns of which `part` of `whole` is filled; dots where one of them is
/// unknown or the whole is 0. `ascii`: nothing beyond ASCII.
std::string bar(std::optional<std::uint64_t> part,
                std::optional<std::uint64_t> whole,
                std::size_t width,
                bool ascii);

/// One column a value, the last `width` of them, as high as the value is in 0 to `top`; a blank
/// where it is unknown. `top` 0: the largest value.
std::string sparkline(const std::deque<std::optional<std::uint64_t>>& values,
                      std::uint64_t top,
                      std::size_t width,
                      bool ascii);

}  // namespace paddock::cli
