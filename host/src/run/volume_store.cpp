// The records of volumes: the only place that knows their spelling.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "run/names.hpp"
#include "run/volumes.hpp"

namespace paddock::run {
namespace {

using Json = nlohmann::json;
constexpr std::string_view kSchema = "paddock.volume/1";

std::string encode(const Volume& volume) {
  return Json{{"schema", kSchema},
              {"name", volume.name},
              {"instance", volume.instance},
              {"backend", {{"id", volume.backend.id}, {"config", volume.backend.config}}},
              {"created_at", volume.created_at}}
             .dump() +
         "\n";
}

Result<Volume> read(const std::filesystem::path& file) {
  const auto text = os::read_file(file);
  if (!text) {
    return fail_as(text);
  }
  try {
    const Json json = Json::parse(*text);
    const Json& backend = json.at("backend");
    Volume volume{json.at("name").get<std::string>(),
                  json.at("instance").get<std::string>(),
                  {backend.at("id").get<std::string>(), backend.at("config").get<std::string>()},
                  json.at("created_at").get<std::string>()};
    // The name becomes a path again.
    if (volume.name + ".json" == file.filename() &&
        volume.backend.id == file.parent_path().filename()) {
      return volume;
    }
  } catch (const std::exception&) {  // told below
  }
  return fail(ErrorCode::kStateCorrupt,
              "the record of a volume is damaged: '" + file.string() + "'",
              "the volume itself is not touched; remove the record once you have looked");
}

Result<std::vector<std::string>> names_in(const std::filesystem::path& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory, ignored) ? os::list_dir(directory)
                                                     : Result<std::vector<std::string>>{};
}

}  // namespace

VolumeStore VolumeStore::of_user() {
  const os::UserPaths paths = os::user_paths();
  return {paths.state / "volumes", paths.volumes};
}

std::filesystem::path VolumeStore::record(const std::string& name,
                                          const std::string& backend) const {
  return state_ / backend / (name + ".json");
}

Result<os::FileLock> VolumeStore::lock() const {
  for (const auto& directory : {state_.parent_path(), state_, data_}) {
    if (auto made = os::make_private_dir(directory); !made) {
      return fail_as(made);
    }
  }
  return os::FileLock::acquire(state_ / "lock");
}

Result<std::vector<Volume>> VolumeStore::list() const {
  const auto backends = names_in(state_);
  if (!backends) {
    return fail_as(backends);
  }
  std::vector<Volume> all;
  for (const std::string& backend : *backends) {
    std::error_code ignored;
    const auto files = std::filesystem::is_directory(state_ / backend, ignored)
                           ? os::list_dir(state_ / backend)
                           : Result<std::vector<std::string>>{};
    if (!files) {
      return fail_as(files);
    }
    for (const std::string& file : *files) {
      if (!file.ends_with(".json")) {
        continue;  // half-written, by a run that was killed
      }
      auto volume = read(state_ / backend / file);
      if (!volume) {
        return fail_as(volume);
      }
      all.push_back(std::move(*volume));
    }
  }
  std::sort(all.begin(), all.end(), [](const Volume& a, const Volume& b) {
    return std::tie(a.name, a.backend.id) < std::tie(b.name, b.backend.id);
  });
  return all;
}

Result<Volume> VolumeStore::claim(const std::string& name, const PluginRef& backend) const {
  const auto file = record(name, backend.id);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return read(file);
  }
  Volume volume{name, random_hex(8), backend, now_text()};
  auto written = os::make_private_dir(file.parent_path());
  if (written) {
    written = os::write_atomic(file, encode(volume));  // it outlives the machine's next start
  }
  return written ? Result<Volume>(std::move(volume)) : fail_as(written);
}

Result<void> VolumeStore::forget(const Volume& volume) const {
  std::error_code error;
  const auto file = record(volume.name, volume.backend.id);
  std::filesystem::remove(file, error);
  return error ? fail_errno(error.value(), "cannot remove '" + file.string() + "'")
               : Result<void>{};
}

}  // namespace paddock::run
