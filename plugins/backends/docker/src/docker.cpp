#include "support/engine/backend.hpp"
#include "support/engine/http/address.hpp"

namespace paddock::docker {

class Docker final : public engine::EngineBackend {
 public:
  Docker() : EngineBackend({"DOCKER_HOST", "/var/run/docker.sock"}) {}

 protected:
  Result<std::optional<engine::Address>> named_address() override {
    return engine::docker_address();
  }
};

}  // namespace paddock::docker

PADDOCK_EXPORT_BACKEND(paddock::docker::Docker)
