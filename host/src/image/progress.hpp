// What a plugin says of its progress, read while its call lasts. [one thread, and one of its own]
#pragma once

#include <memory>
#include <optional>

#include "image/engine_images.hpp"
#include "os/task.hpp"
#include "os/unique_fd.hpp"

namespace paddock::image {

class ProgressReader {
 public:
  /// `watch` is called from the thread. What is no ImageProgress is passed over.
  static Result<std::unique_ptr<ProgressReader>> start(const Watch& watch);
  /// All that was said has been told when this returns.
  ~ProgressReader();
  ProgressReader(const ProgressReader&) = delete;
  ProgressReader& operator=(const ProgressReader&) = delete;

  /// For the request; nobody who writes to it ever waits.
  int descriptor() const { return write_.get(); }

 private:
  ProgressReader(os::UniqueFd read, os::UniqueFd write, const Watch& watch);
  /// Always true, at the end of what is said.
  bool read_all(const Watch& watch) const;

  os::UniqueFd read_, write_;
  std::optional<os::Task<bool>> task_;
};

}  // namespace paddock::image
