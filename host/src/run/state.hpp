// What is on disk about sandboxes: one directory each under the state directory, 0700, changed
// only by rename, guarded by one flock. [one thread per process]
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "os/lock.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::run {

enum class Phase : std::uint8_t { kCreating, kWaiting, kRunning, kEnded };

/// state.json of one sandbox.
struct State {
  std::string name;
  std::string instance;  ///< 16 hex digits
  std::string profile;
  std::string backend;
  Phase phase = Phase::kCreating;
  std::int64_t host_pid = 0;          ///< the paddock process that owns it
  std::uint64_t host_start_time = 0;  ///< with host_pid, names that process for good
  std::int64_t gate_pid = 0;
  std::uint64_t gate_start_time = 0;
  std::string started_at;             ///< RFC 3339
  std::vector<contract::ExternalObject> objects;  ///< the journal: written before they are made
  std::optional<contract::Sandbox> sandbox;
  std::optional<std::int32_t> exit_code;
};

class Store {
 public:
  explicit Store(std::filesystem::path root) : root_(std::move(root)) {}

  std::filesystem::path directory(const std::string& name) const;
  /// Names that have a directory, sorted.
  Result<std::vector<std::string>> names() const;
  /// Errors: kNoSandbox with the nearest name, kStateCorrupt.
  Result<State> load(const std::string& name) const;
  Result<void> save(const State& state) const;
  Result<os::FileLock> lock(const std::string& name) const;

 private:
  std::filesystem::path root_;
};

}  // namespace paddock::run
