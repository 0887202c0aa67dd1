#include "plugin/child_process.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "base/log.hpp"
#include "paddock/contract/codec.hpp"
#include "plugin/call_limits.hpp"
#include "plugin/call_log.hpp"
#include "plugin/gate_descriptors.hpp"
#include "plugin/host_interface.hpp"
#include "plugin/manifest_record.hpp"
#include "plugin/outcome.hpp"
#include "plugin/plugin_process.hpp"
#include "plugin/wire.hpp"

namespace paddock::plugin {
namespace {

constexpr Milliseconds kQuitDeadline{2'000};
/// A child whose socket is closed is about to end, or will be made to.
constexpr Milliseconds kEndDeadline{500};
/// A user who interrupts does not wait for a plugin that does not hear it.
constexpr Milliseconds kInterruptDeadline{1'000};
/// How soon an interrupt is noticed.
constexpr Milliseconds kStopInterval{50};

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

class ChildProcess final : public Instance {
 public:
  ChildProcess(const Manifest& manifest, PluginProcess process, std::string_view config)
      : manifest_(manifest), judge_(manifest.id, config), process_(std::move(process)) {}

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
  /// One request and its answer.
  struct Exchange {
    std::string_view method;
    Milliseconds duration;
    Deadline deadline;
    Stop stop = Stop::kNone;  ///< what the child was told
  };

  Result<std::string> exchange(std::string_view method,
                               FrameKind kind,
                               const std::string& body,
                               const std::vector<int>& descriptors,
                               Milliseconds duration) {
    if (!process_.alive()) {
      return fail(ErrorCode::kPluginDied, "plugin '" + manifest_.id + "' is asked for '" +
                                              std::string(method) + "', but its process has ended");
    }
    const CallLog logged(manifest_.id, method);
    Exchange under_way{method, duration, after(duration)};
    limits_.begin(duration);
    calls_ += kind == FrameKind::kLoad ? 0 : 1;
    const auto sent = send_frame(process_.socket(), kind, body, descriptors, under_way.deadline);
    auto answered = sent ? receive_answer(under_way) : broken(under_way, sent.error());
    limits_.end();
    return answered;
  }

  Result<std::string> receive_answer(Exchange& under_way) {
    for (;;) {
      if (auto ready = await_bytes(under_way); !ready) {
        return broken(under_way, ready.error());
      }
      auto frame = receive_frame(process_.socket(), under_way.deadline);
      if (!frame) {
        return broken(under_way, frame.error());
      }
      if (!*frame) {
        return died(under_way.method);
      }
      if ((*frame)->kind != FrameKind::kLog) {
        return answer(under_way, **frame);
      }
      if (!pass_on_log((*frame)->body)) {
        return talks_too_much(under_way.method);
      }
    }
  }

  /// Waits for the child's next word; meanwhile tells it, once, when it should end.
  Result<void> await_bytes(Exchange& under_way) {
    for (;;) {
      if (under_way.stop == Stop::kNone) {
        tell_to_stop(under_way);
      }
      const Deadline slice = std::min(*under_way.deadline, *after(kStopInterval));
      auto ready = await_frame(process_.socket(), slice);
      if (ready || ready.error().code != ErrorCode::kTimeout || slice == under_way.deadline) {
        return ready;
      }
    }
  }

  void tell_to_stop(Exchange& under_way) {
    under_way.stop = limits_.stop();
    if (under_way.stop == Stop::kInterrupt) {
      under_way.deadline = std::min(*under_way.deadline, *after(kInterruptDeadline));
    }
    if (under_way.stop != Stop::kNone) {
      process_.cancel(calls_);
    }
  }

  Result<std::string> answer(const Exchange& under_way, const Frame& frame) {
    if (frame.kind == FrameKind::kError) {
      const auto error = contract::decode<Error>(frame.body);
      return error ? Failure(*error) : misframed(under_way.method);
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
    outcome.stop = under_way.stop;
    return frame.kind == FrameKind::kOutcome && body.done() ? judge_(under_way.method, outcome)
                                                            : misframed(under_way.method);
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

  Failure broken(const Exchange& under_way, const Error& error) {
    if (error.code != ErrorCode::kTimeout) {
      return error.code == ErrorCode::kPluginMisbehaved ? misframed(under_way.method)
                                                        : died(under_way.method);
    }
    process_.end(Milliseconds(0));
    const std::string whose = "plugin '" + manifest_.id + "' does not ";
    const std::string method = "'" + std::string(under_way.method) + "'";
    if (under_way.stop == Stop::kInterrupt) {
      return fail(ErrorCode::kInterrupted, whose + "end " + method + " when interrupted");
    }
    return fail(ErrorCode::kPluginTimeout, whose + "answer " + method + " within " +
                                               std::to_string(under_way.duration.count()) + " ms");
  }

  Failure talks_too_much(std::string_view method) {
    process_.end(Milliseconds(0));
    Outcome outcome;
    outcome.logged_too_much = true;
    return Failure(judge_(method, outcome).error());
  }

  /// False when the call has logged too much.
  bool pass_on_log(std::string_view bytes) {
    RecordReader body(bytes);
    const auto level = static_cast<std::int32_t>(body.number());
    const std::string_view line = body.text();
    if (!limits_.take_log(line.size())) {
      return false;
    }
    log_for_plugin(manifest_.id, level, line);
    return true;
  }

  /// Takes the last log lines of destroy(); true when the child closed its end in time.
  bool drain_until_end() {
    const Deadline deadline = after(kQuitDeadline);
    limits_.begin(kQuitDeadline);
    for (;;) {
      const auto frame = receive_frame(process_.socket(), deadline);
      if (!frame) {
        return false;
      }
      if (!*frame) {
        return process_.ends_within(kEndDeadline);
      }
      if ((*frame)->kind == FrameKind::kLog && !pass_on_log((*frame)->body)) {
        return false;
      }
    }
  }

  Manifest manifest_;  // a copy, as the registry may go first
  Judge judge_;
  PluginProcess process_;
  CallLimits limits_;
  std::uint64_t calls_ = 0;  ///< begun, as the child counts them
};

}  // namespace

Result<std::unique_ptr<Instance>> open_in_child(const Manifest& manifest,
                                                OpenLibrary library,
                                                std::string_view config_json,
                                                const std::filesystem::path& program) {
  auto process = PluginProcess::start(program, library.fd.get());
  if (!process) {
    return fail_with(std::move(process), "starting the process of plugin '" + manifest.id + "'");
  }
  auto instance = std::make_unique<ChildProcess>(manifest, std::move(*process), config_json);
  if (auto started = instance->start(config_json); !started) {
    return fail_as(started);
  }
  return std::unique_ptr<Instance>(std::move(instance));
}

}  // namespace paddock::plugin
