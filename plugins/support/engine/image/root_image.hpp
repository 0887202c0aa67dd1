// What a container's root file system is made of: the plan's image, or one made from the host.
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"
#include "support/host_root.hpp"

namespace paddock::engine {

struct RootImage {
  std::string id;                         ///< what the container is created from
  std::vector<std::string> volumes = {};  ///< where the image wants some; it gets none
};

/// The image that the plan has resolved, as the engine has it; or the one for the host's programs,
/// made where it is missing. Errors: kImage, and what the engine says.
Result<RootImage> root_image(Engine& engine,
                             const contract::Plan& plan,
                             const support::HostRoot& root);

/// Those of an image's `volumes` that have to be covered: no mount of the plan lies there. Errors:
/// kImage for one that cannot be, because something of the sandbox's own lies inside.
Result<std::vector<std::string>> volumes_to_cover(const std::vector<std::string>& volumes,
                                                  const contract::Plan& plan);

}  // namespace paddock::engine
