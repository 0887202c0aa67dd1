#include "proof/gate_frames.hpp"

#include <utility>

#include "os/proc.hpp"
#include "protocol.h"

namespace paddock::proof {
namespace {

/// Collects fields behind a length that is filled in at the end.
class Frame {
 public:
  explicit Frame(std::string_view verb) : bytes_(4, '\0') { add(verb); }

  void add(std::string_view field) {
    bytes_ += field;
    bytes_ += '\0';
  }
  void add(long number) { add(std::to_string(number)); }

  std::string take() {
    const std::size_t length = bytes_.size() - 4;
    for (std::size_t i = 0; i < 4; ++i) {
      bytes_[i] = static_cast<char>(length >> (8 * i) & 0xff);
    }
    return std::move(bytes_);
  }
  std::size_t size() const { return bytes_.size() - 4; }

 private:
  std::string bytes_;
};

void add_probe(Frame& frame, const Probe& probe) {
  frame.add(probe.isolated ? "isolated" : "inline");
  frame.add(static_cast<long>(probe.calls.size()));
  for (const ProbeCall& call : probe.calls) {
    frame.add(call.number);
    frame.add(static_cast<long>(call.arguments.size()));
    for (const std::string& argument : call.arguments) {
      frame.add(argument);
    }
  }
}

Result<void> check_word(std::string_view word) {
  if (word.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::kGate, "an argument or environment entry holds a NUL byte");
  }
  return {};
}

}  // namespace

std::string configure_frame(const contract::Plan& plan) {
  Frame frame("configure");
  frame.add("umask");
  frame.add(plan.process.umask);
  frame.add("session");
  frame.add(plan.process.terminal ? "terminal" : "new");
  for (const auto& [name, value] : plan.security.rlimits) {
    frame.add("rlimit");
    frame.add(std::to_string(os::rlimit_number(name)) + ":" + std::to_string(value));
  }
  return frame.take();
}

std::string probe_frame(const std::vector<Probe>& probes) {
  Frame frame("probe");
  frame.add(static_cast<long>(probes.size()));
  for (const Probe& probe : probes) {
    add_probe(frame, probe);
  }
  return frame.take();
}

Result<std::string> hold_frame(const contract::Process& process) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : process.environment) {
    environment.push_back(name + "=" + value);
  }
  Frame frame("hold");
  frame.add(process.init ? "init" : "exec");
  frame.add(process.cwd);
  for (const std::vector<std::string>* words : {&process.command, &std::as_const(environment)}) {
    frame.add(static_cast<long>(words->size()));
    for (const std::string& word : *words) {
      if (auto checked = check_word(word); !checked) {
        return fail_as(checked);
      }
      frame.add(word);
    }
  }
  if (frame.size() > PADDOCK_GATE_FRAME_MAX ||
      process.command.size() + environment.size() > PADDOCK_GATE_WORDS_MAX) {
    return fail(ErrorCode::kCannotExecute, "the command and its environment are too long");
  }
  return frame.take();
}

std::string show_frame(const std::string& path) {
  Frame frame("show");
  frame.add(path);
  return frame.take();
}

std::string release_frame() {
  return Frame("release").take();
}

}  // namespace paddock::proof
