#include "support/engine/image/root_image.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "support/engine/image/host_image.hpp"
#include "support/engine/image/images.hpp"

namespace paddock::engine {
namespace {

/// The sandbox's own, beside the plan's mounts.
constexpr std::array kSandboxPaths = {"/.paddock", "/dev", "/proc", "/sys"};

bool holds_something(const std::string& place, const contract::Plan& plan) {
  const auto inside = [&](const std::string& target) { return support::is_within(target, place); };
  const auto around = [&](const char* own) {
    return support::is_within(own, place) || support::is_within(place, own);
  };
  return std::any_of(kSandboxPaths.begin(), kSandboxPaths.end(), around) ||
         std::any_of(plan.mounts.begin(), plan.mounts.end(),
                     [&](const auto& entry) { return inside(entry.first); });
}

Result<RootImage> named_image(Engine& engine,
                              const contract::Rootfs& rootfs,
                              const contract::Plan& plan) {
  if (!rootfs.image_id || whole_id(*rootfs.image_id) != *rootfs.image_id) {
    return fail(ErrorCode::kImage, "image '" + rootfs.image + "' was not resolved");
  }
  const auto facts = find_image(engine, *rootfs.image_id);
  if (!facts) {
    return fail_as(facts);
  }
  if (!*facts || (*facts)->image.id != *rootfs.image_id) {
    return fail(ErrorCode::kImage,
                "image '" + rootfs.image + "' is gone from the engine since it was looked up",
                "somebody removed it: try again");
  }
  auto volumes = volumes_to_cover((*facts)->volumes, plan);
  return volumes ? RootImage{*rootfs.image_id, std::move(*volumes)}
                 : Result<RootImage>(fail_as(volumes));
}

}  // namespace

Result<std::vector<std::string>> volumes_to_cover(const std::vector<std::string>& volumes,
                                                  const contract::Plan& plan) {
  std::vector<std::string> places;
  for (const std::string& volume : volumes) {
    std::string place = std::filesystem::path(volume).lexically_normal();
    while (place.size() > 1 && place.back() == '/') {
      place.pop_back();
    }
    if (plan.mounts.contains(place)) {
      continue;
    }
    if (!place.starts_with('/') || holds_something(place, plan)) {
      return fail(
          ErrorCode::kImage,
          "the image wants a volume at '" + place + "', around or in a mount of the sandbox",
          "build an image without that VOLUME");
    }
    places.push_back(std::move(place));
  }
  return places;
}

Result<RootImage> root_image(Engine& engine,
                             const contract::Plan& plan,
                             const support::HostRoot& root) {
  if (plan.rootfs.type == contract::RootfsType::kImage) {
    return named_image(engine, plan.rootfs, plan);
  }
  const auto image = make_host_image(plan, root);
  if (!image) {
    return fail_as(image);
  }
  const auto there = ensure_image(engine, *image);
  return there ? RootImage{image->reference} : Result<RootImage>(fail_as(there));
}

}  // namespace paddock::engine
