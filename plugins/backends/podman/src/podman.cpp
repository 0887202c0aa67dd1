#include <sys/stat.h>
#include <unistd.h>

#include <optional>

#include "own_networks.hpp"
#include "service.hpp"
#include "spec.hpp"
#include "subordinate_ids.hpp"
#include "support/engine/backend.hpp"
#include "support/engine/http/address.hpp"

namespace paddock::podman {

namespace {

/// Where this user's service has its socket: systemd's unit podman.socket, the system's or the
/// user's.
std::string runtime_dir() {
  const uid_t self = ::geteuid();
  const char* const named = std::getenv("XDG_RUNTIME_DIR");
  return self == 0                           ? "/run"
         : named != nullptr && *named == '/' ? named
                                             : "/run/user/" + std::to_string(self);
}

}  // namespace

class Podman final : public engine::EngineBackend {
 public:
  Podman() : EngineBackend({"CONTAINER_HOST", runtime_dir() + "/podman/podman.sock"}) {}

  Result<contract::ProbeReply> probe(const contract::ProbeRequest& request) override {
    auto reply = EngineBackend::probe(request);
    if (reply && ::geteuid() != 0) {
      withhold_networks(*reply);
    }
    return reply;
  }

 protected:
  std::optional<engine::Obstacle> rootless_obstacle() const override {
    return subordinate_ids_obstacle();
  }

  Result<std::optional<engine::Address>> named_address() override {
    return engine::podman_address();
  }

  /// Where nobody serves, this does.
  Result<std::string> socket() override {
    struct stat status {};
    if (::stat(place().default_socket.c_str(), &status) == 0) {
      return place().default_socket;
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

  /// Podman names runtimes that are not installed, and takes a third of a second for it.
  Result<engine::Runtimes> runtimes(engine::Engine&) override {
    return engine::Runtimes{
        {}, "", "this version runs gVisor with Docker alone: use the backend 'docker'"};
  }

  /// Docker's words for a network would give it a resolver.
  Result<void> make_network(engine::Engine& engine,
                            const engine::ContainerRequest& request) override {
    return engine.create_network(kNetworkPath, network_spec(request));
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
