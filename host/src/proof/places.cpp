#include "proof/places.hpp"

#include <algorithm>
#include <filesystem>

namespace paddock::proof {
namespace {

std::string resolved(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? path : real.string();
}

/// Whether a declared mount that is further in than `outer` lies over `place`.
bool is_covered(const View& view, const std::string& place, const std::string& outer) {
  const auto& mounts = view.plan().mounts;
  return std::any_of(mounts.begin(), mounts.end(), [&](const auto& entry) {
    return entry.first.size() > outer.size() && is_below(place, entry.first);
  });
}

Shows shown_within(const View& view, const std::string& place) {
  const auto& mounts = view.plan().mounts;
  const bool within = std::any_of(mounts.begin(), mounts.end(), [&](const auto& entry) {
    return entry.first != place && is_below(entry.first, place);
  });
  return within ? Shows::kMounts : Shows::kNothing;
}

}  // namespace

std::vector<Bind> binds_of(const Subject& subject) {
  std::vector<Bind> binds;
  for (const auto& [target, mount] : subject.draft.plan.mounts) {
    if (!mount.source.empty()) {
      binds.push_back({resolved(mount.source), target});
    }
  }
  for (const contract::EngineMount& mount : subject.prepared.engine_mounts) {
    if (!mount.source.empty() && mount.fstype.empty()) {
      binds.push_back({resolved(mount.source), mount.target});
    }
  }
  return binds;
}

std::vector<Place> places_of(const View& view, const std::string& host_path) {
  const std::string real = resolved(host_path);
  std::vector<Place> places;
  for (const Bind& bind : view.binds) {
    if (!is_below(real, bind.source)) {
      continue;
    }
    const std::string rest = real.substr(bind.source == "/" ? 0 : bind.source.size());
    const std::string place = bind.target == "/" ? rest : bind.target + rest;
    if (!is_covered(view, place, bind.target)) {
      places.push_back({place, shown_within(view, place)});
    }
  }
  // What an image has under the host's name is the image's own.
  const bool image = view.plan().rootfs.type == contract::RootfsType::kImage;
  for (const std::string& name : {host_path, real}) {
    const bool is_listed = std::any_of(places.begin(), places.end(),
                                       [&](const Place& place) { return place.path == name; });
    if (!is_listed) {
      places.push_back(
          {name, image || is_covered(view, name, "") ? Shows::kOther : shown_within(view, name)});
    }
  }
  return places;
}

}  // namespace paddock::proof
