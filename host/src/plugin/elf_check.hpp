// What can be known of a shared library without running any of its code: ld.so runs constructors
// on load and takes SIGBUS on a truncated file, so this comes first. Source: elf(5).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"

namespace paddock::plugin {

/// Larger libraries are refused unread.
inline constexpr std::size_t kMaxLibraryBytes = 256u << 20;

/// `bytes` is the whole file; `shown` its path in messages. It must be a shared library for this
/// machine, with all of its segments, that exports the plugin entry of our ABI and has no other
/// code loaded but by plain name, from the system's directories. Errors: kPluginLoad, kPluginAbi,
/// kPluginTrust.
Result<void> check_elf(std::string_view bytes, const std::string& shown);

/// The bytes of an open file, mapped read-only.
class MappedFile {
 public:
  /// Errors: kPluginLoad (empty, too large), kSystem.
  static Result<MappedFile> map(int fd, const std::string& shown);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile(void* data, std::size_t size) : data_(data), size_(size) {}
  void* data_;
  std::size_t size_;
};

}  // namespace paddock::plugin
