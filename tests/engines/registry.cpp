#include "engines/registry.hpp"

namespace paddock::test {
namespace {

std::string configuration(const World& world, int port, const std::string& more) {
  return "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " +
         (world.root() / "registry").string() +
         "}}\nhttp: {addr: \"127.0.0.1:" + std::to_string(port) + "\"}\n" + more;
}

}  // namespace

Registry Registry::real(const TestEngine& engine, const World& world) {
  const std::string file = world.root() / "registry.yml";
  world.write(file, configuration(world, 5000, ""));
  return {engine, {"docker-registry", "serve", file}};
}

Registry Registry::locked(const TestEngine& engine,
                          const World& world,
                          int port,
                          const std::string& users) {
  const std::string name = "registry-" + std::to_string(port);
  const std::string file = world.root() / (name + ".yml");
  const std::string list = world.root() / (name + ".htpasswd");
  world.write(list, users);
  world.write(file,
              configuration(world, port, "auth: {htpasswd: {realm: x, path: " + list + "}}\n"));
  return {engine, {"docker-registry", "serve", file}};
}

bool has_registry() {
  return std::filesystem::exists("/usr/bin/docker-registry");
}

std::string push(const TestEngine& engine, const std::string& tag) {
  World shell;
  shell.program = "/usr/bin/env";
  Ran ran;
  // The registry needs a moment to listen.
  eventually([&] {
    ran = shell.run(
        {"python3", PADDOCK_SOURCE_DIR "/tests/engines/push.py", engine.socket, kRepository, tag});
    return ran.status == 0;
  });
  CAPTURE(ran.err);
  REQUIRE(ran.status == 0);
  return ran.out.substr(0, ran.out.find('\n'));
}

}  // namespace paddock::test
