// The process of a plugin that runs in a child, and our ends of what leads to it. [one thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "os/process.hpp"
#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plugin {

using Milliseconds = std::chrono::milliseconds;

class PluginProcess {
 public:
  /// Runs `program __plugin` with `library` as its descriptor kChildLibraryFd. Errors: kSystem.
  static Result<PluginProcess> start(const std::filesystem::path& program, int library);

  int socket() const { return socket_.get(); }
  bool alive() const { return alive_; }

  /// Tells it that this call should end. Never blocks; a process that is gone hears nothing.
  void cancel(std::uint64_t call) const;
  /// The wait status, after killing it unless it ends by itself within `grace`.
  int end(Milliseconds grace);
  bool ends_within(Milliseconds grace) const;

 private:
  PluginProcess(os::Child child, os::UniqueFd pidfd, os::UniqueFd socket, os::UniqueFd canceller)
      : child_(child),
        pidfd_(std::move(pidfd)),
        socket_(std::move(socket)),
        canceller_(std::move(canceller)) {}

  os::Child child_;
  os::UniqueFd pidfd_;
  os::UniqueFd socket_;
  os::UniqueFd canceller_;
  bool alive_ = true;
  int status_ = 0;
};

}  // namespace paddock::plugin
