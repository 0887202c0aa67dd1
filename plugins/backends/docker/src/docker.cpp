#include "support/engine/backend.hpp"

namespace paddock::docker {

class Docker final : public engine::EngineBackend {
 public:
  Docker() : EngineBackend({"DOCKER_HOST", "/var/run/docker.sock"}) {}
};

}  // namespace paddock::docker

PADDOCK_EXPORT_BACKEND(paddock::docker::Docker)
