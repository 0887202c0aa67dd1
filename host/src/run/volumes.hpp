// Named volumes: what outlives sandboxes. Under the state directory stands one record for each,
//   volumes/BACKEND/NAME.json
// written before the backend makes the volume and removed after it; what no record names is never
// touched. A backend without volumes of its own keeps them as directories of the data directory,
// volumes/NAME. A name is one volume of one user on one backend, whatever profile says it.
// [main thread]
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "os/lock.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/registry.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct Volume {
  std::string name;
  std::string instance;  ///< 16 hex digits, for life
  PluginRef backend;
  std::string created_at;  ///< RFC 3339
};

class VolumeStore {
 public:
  /// `state` holds the records, `data` the volumes of backends that have none of their own.
  VolumeStore(std::filesystem::path state, std::filesystem::path data)
      : state_(std::move(state)), data_(std::move(data)) {}

  /// Of this user.
  static VolumeStore of_user();

  /// Keeps out everybody else who makes or removes volumes. Makes the directories.
  Result<os::FileLock> lock() const;
  /// Sorted by name, then backend. Errors: kStateCorrupt.
  Result<std::vector<Volume>> list() const;
  /// The record, made if there is none. [under the lock]
  Result<Volume> claim(const std::string& name, const PluginRef& backend) const;
  /// Forgets it. [under the lock]
  Result<void> forget(const Volume& volume) const;

  /// Private to the volumes of one backend.
  std::filesystem::path directory() const { return data_; }

 private:
  std::filesystem::path record(const std::string& name, const std::string& backend) const;
  std::filesystem::path state_, data_;
};

/// Names of the volumes that `plan` mounts, each once.
std::vector<std::string> volumes_of(const contract::Plan& plan);

/// Makes the volumes of `plan` that are not there, and pins each to the place that the backend
/// tells. Errors: the backend's, kForbiddenPath for a place that is none.
Result<void> provide_volumes(contract::Plan& plan,
                             const VolumeStore& volumes,
                             plugin::Instance& backend,
                             const PluginRef& reference);

/// The volume of that name; `backend` may be empty where only one backend has one. Errors:
/// kNoVolume, kUsage.
Result<Volume> find_volume(const VolumeStore& volumes,
                           const std::string& name,
                           const std::string& backend);

/// Names of the sandboxes of `store` that use it, running or not yet cleared away.
Result<std::vector<std::string>> users_of(const Store& store, const Volume& volume);

/// Removes it and what is in it. Errors: kVolumeInUse, the backend's own.
Result<void> remove_volume(const VolumeStore& volumes, const Store& store, const Volume& volume);

}  // namespace paddock::run
