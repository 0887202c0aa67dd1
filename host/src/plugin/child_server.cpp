#include "plugin/child_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include <memory>
#include <mutex>

#include "paddock/contract/codec.hpp"
#include "plugin/abi_calls.hpp"
#include "plugin/abi_table.hpp"
#include "plugin/gate_descriptors.hpp"
#include "plugin/library.hpp"
#include "plugin/manifest_record.hpp"
#include "plugin/stop_watch.hpp"
#include "plugin/wire.hpp"

namespace paddock::plugin {
namespace {

extern "C" void ignore_signal(int) {}

/// The terminal's signals are the host's to act on, which may need this plugin to clean up. A
/// handler and not SIG_IGN, as that would pass on to programs that the plugin starts.
void outlive_terminal() {
  struct sigaction action {};
  action.sa_handler = ignore_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTSTP}) {
    ::sigaction(number, &action, nullptr);
  }
}

/// Frames of a plugin's threads, which may all log, do not mix: a frame is more than one write.
void reply(FrameKind kind, std::string_view body) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  if (!send_frame(kChildSocketFd, kind, body, {}, std::nullopt)) {
    ::_exit(1);  // the host is gone, and nobody else has use for this process
  }
}

void send_outcome(const Outcome& outcome) {
  RecordWriter out;
  out.number(static_cast<std::uint32_t>(outcome.status));
  out.text(outcome.reply);
  out.text(outcome.error);
  out.number((outcome.reply_overflowed ? 1 : 0) | (outcome.error_overflowed ? 2 : 0) |
             (outcome.threw ? 4 : 0));
  reply(FrameKind::kOutcome, out.take());
}

void send_log(std::int32_t level, std::string_view json) {
  RecordWriter out;
  out.number(static_cast<std::uint32_t>(level));
  out.text(json);
  reply(FrameKind::kLog, out.take());
}

class Server {
 public:
  /// False once there is nothing more to serve.
  bool serve(Frame frame) {
    RecordReader body(frame.body);
    switch (frame.kind) {
      case FrameKind::kLoad: {
        const std::string id(body.text());
        return load(id, std::string(body.text()));
      }
      case FrameKind::kCreate:
        return create(body.text());
      case FrameKind::kCall: {
        const std::string_view method = body.text();
        return call(method, body.text(), frame);
      }
      default:
        if (created_) {
          calls_->destroy();
        }
        return false;
    }
  }

 private:
  bool load(const std::string& id, const std::string& manifest) {
    const auto library = load_library(kChildLibraryFd, id);
    const auto table = library ? check_table(*library, id, manifest) : fail_as(library);
    if (!table) {
      reply(FrameKind::kError, contract::encode(table.error()));
      return false;
    }
    calls_ = std::make_unique<AbiCalls>(*table, send_log, [this] { return watch_.wanted(); });
    watch_.start();
    send_outcome(Outcome{});
    return true;
  }

  bool create(std::string_view config) {
    const StopWatch::Call under_way(watch_, nullptr);
    const Outcome outcome = calls_->create(config);
    created_ = outcome.status == PADDOCK_OK && !outcome.threw;
    send_outcome(outcome);
    return true;
  }

  /// The frame's descriptors are closed after the call: the plugin duplicates what it keeps.
  bool call(std::string_view method, std::string_view request, const Frame& frame) {
    if (frame.descriptors.empty()) {
      answer(method, request);
      return true;
    }
    std::vector<int> numbers;
    for (const os::UniqueFd& descriptor : frame.descriptors) {
      numbers.push_back(descriptor.get());
    }
    const auto renumbered = renumber_gate(method, request, numbers);
    if (!renumbered) {
      reply(FrameKind::kError, contract::encode(renumbered.error()));
      return true;
    }
    answer(method, *renumbered);
    return true;
  }

  void answer(std::string_view method, std::string_view request) {
    Outcome outcome;
    {
      const StopWatch::Call under_way(watch_, calls_.get());
      outcome = calls_->call(method, request);
    }
    send_outcome(outcome);
  }

  StopWatch& watch_ = StopWatch::instance();
  std::unique_ptr<AbiCalls> calls_;
  bool created_ = false;
};

}  // namespace

int serve_child() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::fcntl(kChildSocketFd, F_SETFD, FD_CLOEXEC);
  ::fcntl(kChildLibraryFd, F_SETFD, FD_CLOEXEC);
  ::fcntl(kChildCancelFd, F_SETFD, FD_CLOEXEC);
  outlive_terminal();
  Server server;
  for (;;) {
    auto frame = receive_frame(kChildSocketFd, std::nullopt);
    if (!frame || !*frame) {
      return 1;
    }
    if (!server.serve(std::move(**frame))) {
      return 0;
    }
  }
}

}  // namespace paddock::plugin
