// Sizes with units, as profiles write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paddock {

/// "512MiB", "8GiB", "2GB", "64KiB", "1024" (bytes); binary units KiB MiB GiB TiB, decimal KB MB
/// GB TB. ASCII digits only, no sign, no exponent, no fraction; nullopt for anything else or
/// over 2^63-1.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// The largest binary unit that divides it exactly ("8GiB", "1500B").
std::string format_size(std::uint64_t bytes);

}  // namespace paddock
