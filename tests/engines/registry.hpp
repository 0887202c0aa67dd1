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
/// Another, where two are needed.
inline constexpr const char* kServedToo = "127.0.0.1:5001/paddock/small:1";

/// A program in the engine's network namespace, while it lives.
class Registry {
 public:
  Registry(const TestEngine& engine, std::vector<std::string> words)
      : process_(start(engine, std::move(words))) {}

  /// The one of the package docker-registry.
  static Registry real(const TestEngine& engine, const World& world);
  /// The same, of what that one held, which lets in who knows what stands in `users`: lines of
  /// htpasswd(1), by bcrypt. `port` is 5000 or 5001.
  static Registry locked(const TestEngine& engine,
                         const World& world,
                         int port,
                         const std::string& users);
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

bool has_registry();

/// Has the registry hold `reference` as the engine has it; its digest there.
std::string push(const TestEngine& engine, const std::string& tag = "1");

}  // namespace paddock::test
