// A plugin of ours loaded through its C ABI, a gate to talk to, and real sandboxes between them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/plugin.h"

namespace paddock::test {

class LoadedPlugin {
 public:
  explicit LoadedPlugin(const std::string& id,
                        const std::string& values = "{}",
                        const std::map<std::string, SourcePos>& positions = {});
  ~LoadedPlugin();
  LoadedPlugin(const LoadedPlugin&) = delete;
  LoadedPlugin& operator=(const LoadedPlugin&) = delete;

  bool created() const { return self_ != nullptr; }
  const Error& error() const { return error_; }  ///< why it was not created

  template <typename Reply, typename Request>
  Result<Reply> call(std::string_view method, const Request& request) {
    auto json = call_json(method, contract::encode(request));
    return json ? contract::decode<Reply>(*json) : Result<Reply>(fail_as(json));
  }

 private:
  Result<std::string> call_json(std::string_view method, const std::string& request);

  const paddock_plugin* plugin_ = nullptr;
  void* self_ = nullptr;
  Error error_;
};

/// The host's end of a gate's channel, speaking just enough of host/gate/protocol.h.
class GateEnd {
 public:
  GateEnd();
  ~GateEnd();
  GateEnd(const GateEnd&) = delete;
  GateEnd& operator=(const GateEnd&) = delete;

  int far() const { return far_; }
  void close_far();
  /// One frame from the gate; empty when the channel closed.
  std::string read_frame();
  /// The channel closes when the command runs: true. Otherwise the gate's reply is in `reply`.
  bool release(const contract::Process& process, std::string* reply = nullptr);
  void send(const std::vector<std::string>& fields);

 private:
  int near_ = -1;
  int far_ = -1;
};

/// A plan with everything that baseline asks for, an empty home and /tmp, no limits.
contract::Plan strict_plan();
/// "0123456789abcdef" and up: another one at each call.
std::string new_instance();
std::string gate_program();

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// What a command did in a sandbox or as an exec'd process.
struct Outcome {
  std::string output;  ///< standard output and error
  std::optional<int> code;
};

/// One sandbox of the bubblewrap backend, removed at the end.
class Box {
 public:
  explicit Box(const contract::Plan& plan);
  ~Box();
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

  /// Brings it up to the waiting gate; every failure is the backend's or the gate's.
  Result<void> create();
  /// Lets the gate go on to `/bin/sh -c script`, and waits for its end.
  Outcome run(const std::string& script);
  /// The same, left running; `read_line` takes its output.
  void start(const std::string& script);
  std::string read_line();
  Outcome exec(const std::string& script);
  Result<contract::InspectReply> inspect();
  Result<void> stop(std::uint32_t grace_ms);
  Result<void> remove();

  LoadedPlugin backend;
  contract::Plan plan;
  std::string instance;
  contract::PrepareReply prepared;
  contract::Sandbox sandbox;

 private:
  contract::GateSpec spec(const GateEnd& gate, int output) const;

  GateEnd gate_;
  int reading_ = -1;
  int writing_ = -1;
  int null_ = -1;
  bool removed_ = false;
};

/// Creates a sandbox, runs the script in it, removes it. A failure is the outcome's output.
Outcome run_in_sandbox(const contract::Plan& plan, const std::string& script);

/// Runs `body` in a child process as that user and returns what it returned.
std::string as_user(unsigned uid, const std::function<std::string()>& body);
/// Runs `body` in a child process of root.
std::string in_child(const std::function<std::string()>& body);

}  // namespace paddock::test
