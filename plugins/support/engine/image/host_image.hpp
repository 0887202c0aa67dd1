// The image that a sandbox without an image of its own starts from: no program, only what has to
// be in the root itself for the host's programs to be bound into it. Made from the host when it is
// missing, and named by its content, so that launches share it.
#pragma once

#include <string>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"
#include "support/host_root.hpp"

namespace paddock::engine {

struct HostImage {
  /// "localhost/paddock/host-root-<sha256 of the archive>:latest"; Podman ignores a tag.
  std::string reference;
  std::string tar;
};

/// Links, copied and made files, and the directories that they are in.
Result<HostImage> make_host_image(const contract::Plan& plan, const support::HostRoot& root);

/// Imports it where the engine does not have it.
Result<void> ensure_image(Engine& engine, const HostImage& image);

}  // namespace paddock::engine
