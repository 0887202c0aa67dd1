// How the gate in a container gets the descriptors that it cannot inherit: it connects to a socket
// that was mounted into the container, and they are sent to it (gate/protocol.h, "connect").
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {

class Handover {
 public:
  /// Listens on a socket in `directory`, which only this user may enter.
  static Result<Handover> listen(const std::string& directory);
  Handover(Handover&&) noexcept = default;
  Handover& operator=(Handover&&) = delete;
  ~Handover();

  const std::string& path() const { return path_; }

  /// Waits for process `pid`, and nobody else, and sends it the descriptors of `gate`. `alive` is
  /// asked now and then whether waiting still makes sense. Errors: kTimeout, kBackendRefused.
  Result<void> give(pid_t pid, const contract::GateSpec& gate, const std::function<bool()>& alive);
  /// The same of the first that `is_meant` takes and that says `secret` back. The connection, which
  /// lasts. Nobody else is told anything.
  Result<support::UniqueFd> give_for(std::string_view secret,
                                     const std::function<bool(pid_t)>& is_meant,
                                     const contract::GateSpec& gate,
                                     const std::function<bool()>& alive);
  /// The same of the first process that `is_meant` takes. Which one it was.
  Result<pid_t> give(const std::function<bool(pid_t)>& is_meant,
                     const contract::GateSpec& gate,
                     const std::function<bool()>& alive);

 private:
  Handover(support::UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  /// The next who connects, once; nothing: nobody for a while. Errors: kBackendRefused when `alive`
  /// says so.
  Result<support::UniqueFd> next(const std::function<bool()>& alive) const;

  support::UniqueFd fd_;
  std::string path_;
};

/// By the kernel's word; 0: nobody.
pid_t peer_of(int connection);

/// One at a time: there is one place for the socket of those who enter. Errors: kSystem.
Result<support::UniqueFd> take_turn(const std::string& runtime_dir);

}  // namespace paddock::engine
