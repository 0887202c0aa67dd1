// Writes the log of one sandbox, bounded on disk. [main thread]
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "keep/log_format.hpp"
#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::keep {

class LogWriter {
 public:
  /// Goes on behind what the directory holds already; makes it (0700) where there is none.
  /// `limit`: bytes of all parts together. Errors: kSystem.
  static Result<LogWriter> open(const std::filesystem::path& directory, std::uint64_t limit);

  /// What cannot be written (a full disk) is lost; a record in its place tells how much, as soon
  /// as there is room again. The workload never waits for it.
  void write(Stream stream, std::string_view bytes);

 private:
  LogWriter(os::UniqueFd directory, std::uint64_t limit)
      : directory_(std::move(directory)), part_limit_(limit / 4) {}
  Result<void> begin_part();
  void drop_oldest() const;
  bool put(std::string_view records);
  void write_piece(Stream stream, std::string_view bytes);

  os::UniqueFd directory_, part_;
  std::uint64_t number_ = 0, size_ = 0, part_limit_;
  std::uint64_t lost_ = 0;  ///< bytes of the workload's
};

}  // namespace paddock::keep
