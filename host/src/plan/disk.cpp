#include "plan/disk.hpp"

#include <algorithm>
#include <vector>

#include "base/units.hpp"

namespace paddock::plan {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kSharedMemory = 64 << 20;  // as container engines give /dev/shm

bool is_built_in(std::string_view target, const contract::Mount& mount) {
  return std::any_of(kScratch.begin(), kScratch.end(), [&](const auto& entry) {
    return entry.first == target && entry.second == mount.purpose;
  });
}

}  // namespace

Result<void> share_disk(contract::Plan& plan) {
  if (!plan.resources.disk_bytes) {
    return {};
  }
  std::uint64_t left = *plan.resources.disk_bytes / kPage * kPage;
  std::vector<contract::Mount*> open;
  contract::Mount* shared_memory = nullptr;
  for (auto& [target, mount] : plan.mounts) {
    if (mount.type != contract::MountType::kTmpfs) {
      continue;
    }
    if (is_built_in(target, mount) || mount.size_bytes == 0) {
      (target == "/dev/shm" ? shared_memory = &mount : open.emplace_back(&mount));
      continue;
    }
    mount.size_bytes = std::max(mount.size_bytes / kPage, std::uint64_t{1}) * kPage;
    left -= std::min(left, mount.size_bytes);
  }
  const std::size_t sharers = open.size() + (shared_memory != nullptr ? 1 : 0);
  if (left < sharers * kPage) {
    return fail(ErrorCode::kBadValue,
                "resources.disk " + format_size(*plan.resources.disk_bytes) +
                    " is too small for the tmpfs mounts of this profile",
                "raise resources.disk, or lower the 'size' of a tmpfs mount");
  }
  if (shared_memory != nullptr) {
    const std::uint64_t eighth = std::max(left / 8 / kPage * kPage, kPage);
    shared_memory->size_bytes = open.empty() ? left : std::min(kSharedMemory, eighth);
    left -= shared_memory->size_bytes;
  }
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i]->size_bytes = left / (open.size() - i) / kPage * kPage;
    left -= open[i]->size_bytes;
  }
  return {};
}

}  // namespace paddock::plan
