// What is on disk about sandboxes. Under the state directory:
//   sandboxes/NAME/{state.json,launch.json,receipt.json,lock,run/}   live, or left by a dead run
//   ended/NAME/{state.json,receipt.json}                             the last ones that ended
//   logs/NAME/NNNNNNNN.log                                           of those in the background
//   lock                                                             guards creating and moving
//   these
// A live paddock holds sandboxes/NAME/lock (flock) for as long as it lives: the kernel lets go of
// it, so a free lock means a dead owner. Files change only by rename, without fsync: everything
// that they journal dies with the machine. 0700 and 0600. [one thread per process]
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "keep/log_reader.hpp"
#include "keep/log_writer.hpp"
#include "os/lock.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "proof/proof.hpp"
#include "run/order.hpp"

namespace paddock::run {

/// Where the keeper of a sandbox in the background listens, in the sandbox's directory.
inline constexpr const char* kKeeperSocket = "keeper.sock";
/// What went wrong there when nobody watched; beside it.
inline constexpr const char* kComplaints = "keeper.log";

/// kWarm: proved, waits for somebody to take it. kUnreleased: all is gone but what a hardener failed
/// to release. kRestarting: all is gone, and its keeper will launch it again in a moment.
enum class Phase : std::uint8_t {
  kCreating,
  kWaiting,
  kWarm,
  kRunning,
  kUnreleased,
  kRestarting,
  kEnded
};
/// "creating", "waiting", "warm", "running", "unreleased", "restarting", "ended".
std::string_view phase_name(Phase phase);

/// A plugin as the launch used it, so that another process can call it alike.
struct PluginRef {
  std::string id;
  std::string config;  ///< contract Config as JSON
  bool operator==(const PluginRef&) const = default;
};

/// state.json of one sandbox.
struct State {
  std::string name;
  std::string instance;  ///< 16 hex digits
  std::string profile;
  Order order;
  std::string fitness;  ///< of a warm one: what it was made from, see warm.hpp
  PluginRef backend;
  Phase phase = Phase::kCreating;
  std::vector<std::string> command;
  std::string workspace;              ///< its root on the host; empty: none
  std::int64_t host_pid = 0;          ///< the paddock process that owns it
  std::uint64_t host_start_time = 0;  ///< with host_pid, names that process for good
  proof::FileIdentity terminal;       ///< of the sandbox's own
  std::int64_t gate_pid = 0;
  std::uint64_t gate_start_time = 0;
  std::string started_at;                         ///< RFC 3339
  std::string ended_at;                           ///< empty until it ended
  std::vector<contract::ExternalObject> objects;  ///< the journal: written before they are made
  std::vector<std::string> volumes;               ///< names of those that it uses, which stay
  std::vector<PluginRef> attached;   ///< hardeners to release, in the order of attaching
  std::vector<PluginRef> verifiers;  ///< hardeners with a word of their own on the proof
  std::vector<PluginRef> hooks;      ///< entries of phase after-stop, in the profile's order
  std::optional<contract::Sandbox> sandbox;
  std::optional<std::int32_t> exit_code;  ///< absent after the end: the owner died
  bool oom_killed = false;
};

std::string encode_state(const State& state);
/// Errors: kStateCorrupt.
Result<State> decode_state(std::string_view json);

/// A sandbox whose owner is dead, held by us.
struct Abandoned {
  std::string name;
  os::FileLock lock;
};

class Store {
 public:
  explicit Store(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  /// Of a live or abandoned sandbox.
  std::filesystem::path directory(const std::string& name) const;
  std::filesystem::path ended_directory(const std::string& name) const;

  /// Live and abandoned sandboxes, sorted; none when there is no state directory. Errors: it
  /// cannot be read, or others may write there.
  Result<std::vector<std::string>> names() const;
  Result<std::vector<std::string>> ended_names() const;
  Result<std::vector<std::string>> all_names() const;

  /// Makes the directory and takes its lock, which the caller keeps. Errors: kNameTaken.
  Result<os::FileLock> claim(const std::string& name) const;
  /// Those that nobody holds any more; with `only`, that one at the most.
  Result<std::vector<Abandoned>> take_abandoned(const std::string& only = {}) const;
  /// Moves a sandbox's record to ended/, and now and then drops the oldest there but for the
  /// last 20.
  Result<void> retire(const std::string& name) const;
  /// Removes the directory of a sandbox that came to nothing.
  Result<void> discard(const std::string& name) const;
  /// Removes everything about a sandbox that nobody holds: records, receipt, log.
  Result<void> forget(const std::string& name) const;

  /// Says to the keeper of a sandbox that its end is wanted, so that it is no failure.
  void mark_stopped(const std::string& name) const;
  bool is_marked_stopped(const std::string& name) const;

  /// For writing, `limit` bytes at most; what is there already goes where it is not to go on.
  Result<keep::LogWriter> open_log(const std::string& name,
                                   bool goes_on,
                                   std::uint64_t limit) const;
  void drop_log(const std::string& name) const;
  /// Errors: kNoSandbox, also for one in the foreground, which has none.
  Result<keep::LogReader> read_log(const std::string& name) const;

  /// Errors: kNoSandbox with the nearest name, kStateCorrupt.
  Result<State> load(const std::string& name) const;
  Result<State> load_ended(const std::string& name) const;
  Result<void> save(const State& state) const;
  /// launch.json of a sandbox that has not ended. Errors: kNoSandbox, kSystem.
  Result<std::string> read_record(const std::string& name) const;
  /// What went wrong with a sandbox in the background, live or ended, when nobody watched; empty
  /// for nothing.
  std::string read_complaints(const std::string& name) const;
  /// The receipt of a sandbox, live or ended. Errors: kNoSandbox, also for one that has none.
  Result<std::string> read_receipt(const std::string& name) const;

 private:
  Result<os::FileLock> lock_registry() const;
  void prune(const std::string& newest) const;
  std::filesystem::path log_directory(const std::string& name) const;
  std::filesystem::path root_;
};

}  // namespace paddock::run
