#include "plan/mount_rules.hpp"

#include "plan/disk.hpp"
#include "profile/host_paths.hpp"

namespace paddock::plan {

std::optional<std::string> target_refusal(std::string_view target) {
  const std::string path(target);
  for (const auto& [scratch, purpose] : kScratch) {
    if (scratch == target) {  // '/dev/shm' is ours, though '/dev' is the sandbox's
      return std::nullopt;
    }
  }
  if (const auto why = profile::why_forbidden_target(path)) {
    return "'" + path + "' " + *why;
  }
  if (profile::normal_path(path) != path) {
    return "'" + path + "' is not in plain form, which is '" + profile::normal_path(path) + "'";
  }
  return std::nullopt;
}

bool narrows(const contract::Mount& narrower, const contract::Mount& mount) {
  const bool same_type = narrower.type == mount.type;
  if (!same_type && narrower.type != contract::MountType::kTmpfs) {
    return false;
  }
  if (same_type && (narrower.source != mount.source || narrower.volume != mount.volume)) {
    return false;
  }
  const bool bounded = !same_type || mount.size_bytes == 0 ||
                       (narrower.size_bytes != 0 && narrower.size_bytes <= mount.size_bytes);
  return bounded && (narrower.read_only || !mount.read_only) &&
         (!narrower.executable || mount.executable);
}

}  // namespace paddock::plan
