// What a listing shows of a manifest, as bytes, for the cache. Host byte order: the file never
// leaves the machine. Pure; [any thread].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/manifest.hpp"

namespace paddock::plugin {

/// Appends numbers and length-prefixed texts.
class RecordWriter {
 public:
  void number(std::uint64_t value);
  void text(std::string_view value);
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads them back; any damage makes it fail for good, and every later read gives nothing.
class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number();
  std::string_view text();
  bool failed() const { return failed_; }
  bool done() const { return !failed_ && bytes_.empty(); }
  /// A number that counts items of at least one byte each, so that a damaged one cannot ask for
  /// more memory than the record has.
  std::uint64_t count();

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

/// All but options and text, which a listing does without, and `directory` and `mode`, which depend
/// on where it was found.
std::string to_record(const Manifest& manifest);
std::optional<Manifest> from_record(std::string_view record);

}  // namespace paddock::plugin
