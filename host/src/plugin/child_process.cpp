#include "plugin/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "os/process.hpp"
#include "paddock/contract/codec.hpp"
#include "plugin/gate_descriptors.hpp"
#include "plugin/host_interface.hpp"
#include "plugin/manifest_record.hpp"
#include "plugin/outcome.hpp"
#include "plugin/wire.hpp"

extern char** environ;  // NOLINT(readability-identifier-naming): POSIX's name

namespace paddock::plugin {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kQuitDeadline{2'000};
/// A child whose socket is closed is about to end, or will be made to.
constexpr Milliseconds kEndDeadline{500};

Deadline after(Milliseconds duration) {
  return std::chrono::steady_clock::now() + duration;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return "killed by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  }
  return "it exits with status " + std::to_string(WEXITSTATUS(status));
}

/// The process and our end of its socket.
class PluginProcess {
 public:
  PluginProcess(os::Child child, os::UniqueFd pidfd, os::UniqueFd socket)
      : child_(child), pidfd_(std::move(pidfd)), socket_(std::move(socket)) {}

  int socket() const { return socket_.get(); }
  bool alive() const { return alive_; }

  /// The wait status, after killing it unless it ends by itself within `grace`.
  int end(Milliseconds grace) {
    if (!alive_) {
      return status_;
    }
    if (!ends_within(grace)) {
      // By pidfd, so that no other process can have the number by now.
      ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
    }
    status_ = child_.wait().value_or(0);
    alive_ = false;
    socket_.reset();
    return status_;
  }

  bool ends_within(Milliseconds grace) const {
    pollfd item{pidfd_.get(), POLLIN, 0};
    int ready = 0;
    do {
      ready = ::poll(&item, 1, static_cast<int>(grace.count()));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
  }

 private:
  os::Child child_;
  os::UniqueFd pidfd_;
  os::UniqueFd socket_;
  bool alive_ = true;
  int status_ = 0;
};

class ChildProcess final : public Instance {
 public:
  ChildProcess(const Manifest& manifest, PluginProcess process)
      : manifest_(manifest), process_(std::move(process)) {}

  ~ChildProcess() override {
    if (!process_.alive()) {
      return;
    }
    const auto sent = send_frame(process_.socket(), FrameKind::kQuit, "", {}, after(kQuitDeadline));
    const bool ended = sent && drain_until_end();
    const int status = process_.end(Milliseconds(0));
    if (!ended || status != 0) {
      log::warn("plugin '" + manifest_.id + "' did not end in order: " + how_it_ended(status));
    }
  }

  Result<void> start(std::string_view config) {
    RecordWriter load;
    load.text(manifest_.id);
    load.text(manifest_.text);
    if (auto loaded = exchange("load", FrameKind::kLoad, load.take(), {}, kCallDeadline); !loaded) {
      process_.end(kEndDeadline);  // it leaves by itself; there is nothing to take leave of
      return fail_as(loaded);
    }
    RecordWriter create;
    create.text(config);
    const auto created = exchange("create", FrameKind::kCreate, create.take(), {}, kCallDeadline);
    return created ? Result<void>{} : Result<void>(fail_as(created));
  }

  const Manifest& manifest() const override { return manifest_; }

  Result<std::string> call(std::string_view method,
                           std::string_view request,
                           Milliseconds deadline) override {
    if (!manifest_.answers(method)) {
      return unanswered(method);
    }
    const auto descriptors = gate_descriptors(method, request);
    if (!descriptors) {
      return fail_as(descriptors);
    }
    RecordWriter body;
    body.text(method);
    body.text(request);
    return exchange(method, FrameKind::kCall, body.take(), *descriptors, deadline);
  }

 private:
  Result<std::string> exchange(std::string_view method,
                               FrameKind kind,
                               const std::string& body,
                               const std::vector<int>& descriptors,
                               Milliseconds duration) {
    if (!process_.alive()) {
      return fail(ErrorCode::kPluginDied, "plugin '" + manifest_.id + "' is asked for '" +
                                              std::string(method) + "', but its process has ended");
    }
    const Deadline deadline = after(duration);
    const auto sent = send_frame(process_.socket(), kind, body, descriptors, deadline);
    if (!sent) {
      return broken(method, sent.error(), duration);
    }
    for (;;) {
      auto frame = receive_frame(process_.socket(), deadline);
      if (!frame) {
        return broken(method, frame.error(), duration);
      }
      if (!*frame) {
        return died(method);
      }
      if ((*frame)->kind == FrameKind::kLog) {
        pass_on_log((*frame)->body);
        continue;
      }
      return answer(method, **frame);
    }
  }

  Result<std::string> answer(std::string_view method, const Frame& frame) {
    if (frame.kind == FrameKind::kError) {
      const auto error = contract::decode<Error>(frame.body);
      return error ? Failure(*error) : misframed(method);
    }
    RecordReader body(frame.body);
    Outcome outcome;
    outcome.status = static_cast<std::int32_t>(body.number());
    outcome.reply = body.text();
    outcome.error = body.text();
    const std::uint64_t flags = body.number();
    outcome.reply_overflowed = (flags & 1) != 0;
    outcome.error_overflowed = (flags & 2) != 0;
    outcome.threw = (flags & 4) != 0;
    return frame.kind == FrameKind::kOutcome && body.done() ? judge(manifest_.id, method, outcome)
                                                            : misframed(method);
  }

  Failure misframed(std::string_view method) {
    process_.end(Milliseconds(0));
    return plugin::misbehaved(manifest_.id, method, "its process speaks another protocol");
  }

  Failure died(std::string_view method) {
    return fail(ErrorCode::kPluginDied, "plugin '" + manifest_.id + "' dies in '" +
                                            std::string(method) +
                                            "': " + how_it_ended(process_.end(kEndDeadline)));
  }

  Failure broken(std::string_view method, const Error& error, Milliseconds duration) {
    if (error.code == ErrorCode::kTimeout) {
      process_.end(Milliseconds(0));
      return fail(ErrorCode::kPluginTimeout, "plugin '" + manifest_.id + "' does not answer '" +
                                                 std::string(method) + "' within " +
                                                 std::to_string(duration.count()) + " ms");
    }
    return error.code == ErrorCode::kPluginMisbehaved ? misframed(method) : died(method);
  }

  void pass_on_log(std::string_view bytes) const {
    RecordReader body(bytes);
    const auto level = static_cast<std::int32_t>(body.number());
    log_for_plugin(manifest_.id, level, body.text());
  }

  /// Takes the last log lines of destroy(); true when the child closed its end in time.
  bool drain_until_end() const {
    const Deadline deadline = after(kQuitDeadline);
    for (;;) {
      const auto frame = receive_frame(process_.socket(), deadline);
      if (!frame) {
        return false;
      }
      if (!*frame) {
        return process_.ends_within(kEndDeadline);
      }
      if ((*frame)->kind == FrameKind::kLog) {
        pass_on_log((*frame)->body);
      }
    }
  }

  Manifest manifest_;  // a copy, as the registry may go first
  PluginProcess process_;
};

std::vector<std::string> own_environment() {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    result.emplace_back(*entry);
  }
  return result;
}

/// Standard input is empty and standard output is our standard error: a plugin's prints must not
/// mix with results.
Result<PluginProcess> spawn_plugin(const std::filesystem::path& program, int library) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail_errno(errno, "cannot create a socket pair");
  }
  os::UniqueFd ours(ends[0]);
  const os::UniqueFd theirs(ends[1]);
  const os::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  os::SpawnOptions options;
  options.argv = {program.string(), "__plugin"};
  options.environment = own_environment();
  options.descriptors = {{null.get(), STDIN_FILENO},
                         {STDERR_FILENO, STDOUT_FILENO},
                         {STDERR_FILENO, STDERR_FILENO},
                         {theirs.get(), kChildSocketFd},
                         {library, kChildLibraryFd}};
  const auto child = os::spawn(options);
  if (!child) {
    return fail_as(child);
  }
  auto pidfd = os::open_pidfd(child->pid());
  if (!pidfd) {
    ::kill(child->pid(), SIGKILL);
    return fail_as(pidfd);
  }
  return PluginProcess(*child, std::move(*pidfd), std::move(ours));
}

}  // namespace

Result<std::unique_ptr<Instance>> open_in_child(const Manifest& manifest,
                                                OpenLibrary library,
                                                std::string_view config_json,
                                                const std::filesystem::path& program) {
  auto process = spawn_plugin(program, library.fd.get());
  if (!process) {
    return fail_with(std::move(process), "starting the process of plugin '" + manifest.id + "'");
  }
  auto instance = std::make_unique<ChildProcess>(manifest, std::move(*process));
  if (auto started = instance->start(config_json); !started) {
    return fail_as(started);
  }
  return std::unique_ptr<Instance>(std::move(instance));
}

}  // namespace paddock::plugin
