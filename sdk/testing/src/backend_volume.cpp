#include "backend_volume.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "paddock/contract/messages.hpp"
#include "sample.hpp"
#include "surroundings.hpp"

namespace paddock::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kVolume =
    "BCK-14: volume makes a named volume once, and remove ends it alone";
constexpr const char* kName = "conformance";
constexpr const char* kInstance = "00000000c0ffee14";

std::optional<std::string> place_of(Recorder& recorder,
                                    Instance& instance,
                                    const ScratchDir& directory) {
  const contract::VolumeRequest request{kName, kInstance, directory.path().string()};
  const auto reply = ask<contract::VolumeReply>(recorder, kVolume, instance,
                                                {"volume", contract::encode(request)});
  return reply ? std::optional(reply->source) : std::nullopt;
}

void remove(Recorder& recorder,
            Instance& instance,
            const ScratchDir& directory,
            const char* whose) {
  contract::RemoveRequest request;
  request.instance = whose;
  request.runtime_dir = directory.path().string();
  request.objects = {{"volume", kName}};
  (void)ask<contract::Empty>(recorder, kVolume, instance, {"remove", contract::encode(request)})
      .has_value();
}

}  // namespace

void check_volume(Recorder& recorder, Instance& instance) {
  const ScratchDir directory;
  const auto place = place_of(recorder, instance, directory);
  if (!place) {
    return;
  }
  std::error_code ignored;
  recorder.expect(kVolume, fs::path(*place).is_absolute() && fs::is_directory(*place, ignored),
                  "'" + *place + "' is no directory of this machine");
  recorder.expect(kVolume, fs::is_empty(*place, ignored), "a new volume is not empty");
  const fs::path kept = fs::path(*place) / "kept";
  std::ofstream(kept) << "kept";
  recorder.expect(kVolume, place_of(recorder, instance, directory) == place,
                  "it is in another place the second time");
  recorder.expect(kVolume, fs::exists(kept, ignored), "what was in it is gone");
  remove(recorder, instance, directory, "00000000c0ffee15");
  recorder.expect(kVolume, fs::exists(kept, ignored), "remove ends one of another instance");
  remove(recorder, instance, directory, kInstance);
  recorder.expect(kVolume, !fs::exists(*place, ignored), "remove leaves it");
  remove(recorder, instance, directory, kInstance);
}

}  // namespace paddock::testing
