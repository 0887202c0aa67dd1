#include "engines/engine.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "support/engine/http.hpp"

namespace paddock::test {

std::vector<TestEngine> engines() {
  std::vector<TestEngine> found;
  const std::filesystem::path rigs = std::filesystem::path(PADDOCK_BUILD_DIR) / "engines";
  for (const auto& [id, variable] :
       {std::pair{"docker", "DOCKER_HOST"}, {"podman", "CONTAINER_HOST"}}) {
    std::error_code ignored;
    const auto folder = std::filesystem::read_symlink(rigs / id, ignored);
    if (std::filesystem::exists(folder / "socket", ignored)) {
      found.push_back({id, variable, folder / "socket"});
    }
  }
  return found;
}

void TestEngine::use(World& world, const std::string& at) const {
  world.environment[variable] = "unix://" + at;
  world.write(world.root() / "config/paddock/host.toml", "[backend]\nprefer = [\"" + id + "\"]\n");
}

std::string TestEngine::ask(const std::string& method,
                            const std::string& path,
                            const std::string& body) const {
  engine::Http http({socket, ""});
  engine::Request request;
  request.method = method.c_str();
  request.path = path;
  request.body = body;
  const auto reply = http.send(request);
  if (!reply) {
    throw std::runtime_error(reply.error().what);
  }
  return reply->body;
}

std::vector<std::string> TestEngine::containers() const {
  std::vector<std::string> names;
  const std::string reply = ask("GET", "/v1.41/containers/json?all=true");
  for (const auto& container : nlohmann::json::parse(reply)) {
    names.push_back(container.at("Names").at(0).get<std::string>().substr(1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace paddock::test
