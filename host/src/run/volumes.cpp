#include "run/volumes.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "plan/pin.hpp"
#include "run/fault.hpp"
#include "run/plugins.hpp"

namespace paddock::run {
namespace {

Error about(Error error, const std::string& volume) {
  error.context.push_back("volume '" + volume + "'");
  return error;
}

Result<void> pin(contract::Plan& plan, const std::string& name, const std::string& source) {
  const auto identity = plan::identify_directory(source);
  if (!identity) {
    return fail_as(identity);
  }
  for (auto& [target, mount] : plan.mounts) {
    if (mount.volume == name) {
      mount.source = source;
      mount.identity = *identity;
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> volumes_of(const contract::Plan& plan) {
  std::set<std::string> names;
  for (const auto& [target, mount] : plan.mounts) {
    if (mount.volume) {
      names.insert(*mount.volume);
    }
  }
  return {names.begin(), names.end()};
}

Result<void> provide_volumes(contract::Plan& plan,
                             const VolumeStore& volumes,
                             plugin::Instance& backend,
                             const PluginRef& reference) {
  const std::vector<std::string> names = volumes_of(plan);
  if (names.empty()) {
    return {};
  }
  const auto lock = volumes.lock();
  if (!lock) {
    return fail_as(lock);
  }
  for (const std::string& name : names) {
    const auto volume = volumes.claim(name, reference);
    if (!volume) {
      return fail_as(volume);
    }
    fault_point("volume-recorded");
    const auto reply = backend.ask<contract::VolumeReply>(
        "volume", contract::VolumeRequest{name, volume->instance, volumes.directory().string()});
    const auto pinned = reply ? pin(plan, name, reply->source) : fail_as(reply);
    if (!pinned) {
      return Failure(about(pinned.error(), name));
    }
  }
  return {};
}

Result<Volume> find_volume(const VolumeStore& volumes,
                           const std::string& name,
                           const std::string& backend) {
  auto all = volumes.list();
  if (!all) {
    return fail_as(all);
  }
  std::set<std::string> names;
  std::vector<std::string> backends;
  const Volume* found = nullptr;
  for (const Volume& volume : *all) {
    names.insert(volume.name);
    if (volume.name == name && (backend.empty() || volume.backend.id == backend)) {
      backends.push_back(volume.backend.id);
      found = &volume;
    }
  }
  if (found == nullptr) {
    const std::string where = backend.empty() ? "" : " on backend '" + backend + "'";
    const std::string hint = name_hint(name, {names.begin(), names.end()});
    return fail(ErrorCode::kNoVolume, "there is no volume '" + printable(name) + "'" + where,
                hint.empty() ? "`paddock volume list` shows what there is" : hint);
  }
  if (backends.size() > 1) {
    return fail(ErrorCode::kUsage,
                "volume '" + name + "' is on several backends: " + join(backends, ", "),
                "name one with --backend");
  }
  return *found;
}

Result<std::vector<std::string>> users_of(const Store& store, const Volume& volume) {
  const auto names = store.names();
  if (!names) {
    return fail_as(names);
  }
  std::vector<std::string> users;
  for (const std::string& name : *names) {
    const auto state = store.load(name);
    if (!state && state.error().code == ErrorCode::kNoSandbox) {
      continue;  // it ended meanwhile
    }
    // What a damaged state uses nobody knows.
    if (!state || (state->backend.id == volume.backend.id &&
                   std::count(state->volumes.begin(), state->volumes.end(), volume.name) != 0)) {
      users.push_back(name);
    }
  }
  return users;
}

Result<void> remove_volume(const VolumeStore& volumes, const Store& store, const Volume& volume) {
  const auto lock = volumes.lock();
  const auto users = lock ? users_of(store, volume) : fail_as(lock);
  if (!users) {
    return fail_as(users);
  }
  if (!users->empty()) {
    return fail(ErrorCode::kVolumeInUse,
                "volume '" + volume.name + "' is in use by " + join(*users, ", "),
                "stop what uses it: paddock stop " + join(*users, " "));
  }
  const auto registry = open_registry();
  const auto backend = registry ? load_again(*registry, volume.backend) : fail_as(registry);
  if (!backend) {
    return fail_as(backend);
  }
  const contract::RemoveRequest request{
      volume.instance, volumes.directory().string(), {{"volume", volume.name}}, std::nullopt};
  if (auto removed = (*backend)->ask<contract::Empty>("remove", request); !removed) {
    return Failure(about(removed.error(), volume.name));
  }
  fault_point("volume-removed");
  return volumes.forget(volume);
}

}  // namespace paddock::run
