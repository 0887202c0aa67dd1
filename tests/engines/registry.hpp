// A registry of the test's own, which only the engine's network namespace sees.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {

// Where it is, and what it is asked for.
inline constexpr const char* kRepository = "127.0.0.1:5000/paddock/small";
inline constexpr const char* kServed = "127.0.0.1:5000/paddock/small:1";

/// A program in the engine's network namespace, while it lives.
class Registry {
 public:
  Registry(const TestEngine& engine, std::vector<std::string> words)
      : process_(start(engine, std::move(words))) {}

  /// The one of the package docker-registry.
  static Registry real(const TestEngine& engine, const World& world) {
    const std::string file = world.root() / "registry.yml";
    world.write(file, "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " +
                          (world.root() / "registry").string() +
                          "}}\nhttp: {addr: \"127.0.0.1:5000\"}\n");
    return {engine, {"docker-registry", "serve", file}};
  }
  /// tests/engines/registry.py.
  static Registry false_one(const TestEngine& engine, const std::string& kind) {
    Registry registry(engine, {"python3", PADDOCK_SOURCE_DIR "/tests/engines/registry.py", kind});
    REQUIRE(registry.process_.await_output("ready"));
    return registry;
  }
  Started& process() { return process_; }

 private:
  Started start(const TestEngine& engine, std::vector<std::string> words) {
    const std::string pid = read_text(std::filesystem::path(engine.socket).parent_path() / "pid");
    own_->program = "/usr/bin/nsenter";
    words.insert(words.begin(), "--net=/proc/" + pid.substr(0, pid.find('\n')) + "/ns/net");
    return own_->start(words);
  }
  std::unique_ptr<World> own_ = std::make_unique<World>();
  Started process_;
};

}  // namespace paddock::test
