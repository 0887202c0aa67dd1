// Reading records out of a mapped ELF file without trusting any offset in it. Pure; [any thread].
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace paddock::plugin {

/// A `T` at `offset`, or nothing when it does not lie in the file. Copied, as it may be unaligned.
template <typename T>
std::optional<T> record_at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) {
    return std::nullopt;
  }
  T record;
  std::memcpy(&record, bytes.data() + offset, sizeof(T));
  return record;
}

inline bool lies_within(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  return offset <= bytes.size() && size <= bytes.size() - offset;
}

}  // namespace paddock::plugin
