#include "support/engine/volume.hpp"

#include <unistd.h>

#include <filesystem>

#include <nlohmann/json.hpp>

namespace paddock::engine {
namespace {

using Json = nlohmann::json;

std::string creation(const std::string& name, const contract::VolumeRequest& request) {
  return Json{{"Name", name},
              {"Driver", "local"},
              {"Labels",
               {{"io.paddock.volume", request.name},
                {"io.paddock.instance", request.instance},
                {"io.paddock.owner", std::to_string(::geteuid())}}}}
      .dump();
}

Failure refused(const std::string& name, const std::string& why) {
  return fail(ErrorCode::kBackendRefused, "the engine's volume '" + name + "' " + why,
              "look at it, and remove it yourself if it is not needed");
}

/// A local volume with options may be anything that mount(8) knows.
Result<contract::VolumeReply> checked(const Volume& volume, const std::string& instance) {
  const auto label = volume.labels.find("io.paddock.instance");
  if (label == volume.labels.end() || label->second != instance) {
    return refused(volume.name, "is not paddock's: its label is missing");
  }
  if (volume.driver != "local" || volume.has_options) {
    return refused(volume.name, "is no plain directory: driver '" + volume.driver + "'");
  }
  std::error_code ignored;
  const auto place = std::filesystem::canonical(volume.mountpoint, ignored);
  if (volume_at(place) != volume.name) {
    return refused(volume.name,
                   "is not kept in a directory of its name, but '" + volume.mountpoint + "'");
  }
  return contract::VolumeReply{place};
}

}  // namespace

std::string volume_at(const std::string& place) {
  const std::filesystem::path path = place;
  return path.filename() == "_data" ? path.parent_path().filename().string() : "";
}

std::string volume_name(const std::string& name, const std::string& instance) {
  return "paddock-" + name + "-" + instance.substr(0, 8);
}

Result<contract::VolumeReply> provide_volume(Engine& engine,
                                             const contract::VolumeRequest& request) {
  const std::string name = volume_name(request.name, request.instance);
  auto found = engine.inspect_volume(name);
  if (found && !*found) {
    if (auto made = engine.create_volume(creation(name, request)); !made) {
      return fail_as(made);
    }
    found = engine.inspect_volume(name);
  }
  if (!found) {
    return fail_as(found);
  }
  return *found ? checked(**found, request.instance) : refused(name, "is gone at once");
}

Result<void> remove_volume(Engine& engine, const std::string& name, const std::string& instance) {
  const std::string full = volume_name(name, instance);
  const auto found = engine.inspect_volume(full);
  if (!found) {
    return fail_as(found);
  }
  return *found && checked(**found, instance) ? engine.remove_volume(full) : Result<void>{};
}

}  // namespace paddock::engine
