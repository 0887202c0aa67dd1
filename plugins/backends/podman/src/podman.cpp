#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "service.hpp"
#include "spec.hpp"
#include "support/engine/backend.hpp"

namespace paddock::podman {

class Podman final : public engine::EngineBackend {
 public:
  Podman() : EngineBackend({"CONTAINER_HOST", "/run/podman/podman.sock"}) {}

 protected:
  /// Where nobody serves, this does.
  Result<std::string> socket() override {
    struct stat status {};
    const char* const named = std::getenv(place().variable.c_str());
    if ((named != nullptr && *named != '\0') ||
        ::stat(place().default_socket.c_str(), &status) == 0) {
      return EngineBackend::socket();
    }
    if (!service_) {
      auto service = Service::start();
      if (!service) {
        return fail_as(service);
      }
      service_.emplace(std::move(*service));
    }
    return service_->socket();
  }

  /// What it tells back of a container is not what was asked for even where it does as asked, so
  /// only the proof is believed.
  Result<std::string> make(engine::Engine& engine,
                           const engine::ContainerRequest& request) override {
    const std::string filter = request.runtime_dir + "/seccomp.json";
    if (auto written = write_filter(filter); !written) {
      return fail_as(written);
    }
    auto id = engine.create(kCreatePath, container_spec(request, filter));
    ::unlink(filter.c_str());  // read by then
    return id;
  }

  /// Its copy of Docker's loses the tag.
  std::string import_path(const std::string& reference) const override {
    return std::string(kImportPath) + engine::url_escape(reference);
  }

  /// It learns how a process ended only while somebody who started it stays.
  Result<std::optional<engine::Connection>> begin(engine::Engine& engine,
                                                  const std::string& exec) override {
    auto held = engine.exec_hold(exec);
    return held ? Result<std::optional<engine::Connection>>(std::move(*held)) : fail_as(held);
  }

 private:
  std::optional<Service> service_;
};

}  // namespace paddock::podman

PADDOCK_EXPORT_BACKEND(paddock::podman::Podman)
