// What stands between paddock and an engine: tests/engines/proxy.py, while it lives.
#pragma once

#include <filesystem>
#include <string>

#include "engines/engine.hpp"
#include "support/catch.hpp"

namespace paddock::test {

class Proxy {
 public:
  /// `change` is the program's; `uid`: who runs it, the engine's user by default.
  Proxy(const TestEngine& engine, const World& world, const std::string& change)
      : Proxy(engine, world, change, engine.uid) {}
  /// As another user, or one of root's that does not have the engine's mounts.
  Proxy(const TestEngine& engine,
        const World& world,
        const std::string& change,
        uid_t uid,
        bool apart = false)
      : own_(uid),
        path_((world.home() / ("proxy-" + std::to_string(count_++) + ".sock")).string()),
        process_(start(engine, change, apart)) {
    REQUIRE(process_.await_output("ready"));
  }
  const std::string& path() const { return path_; }
  /// Whether there was the exchange that it is to spoil.
  bool has_hit() const { return std::filesystem::exists(path_ + ".hit"); }

 private:
  Started start(const TestEngine& engine, const std::string& change, bool apart) {
    own_.program = "/usr/bin/env";
    if (own_.uid() == 0 && engine.uid == 0 && !apart) {
      own_.in_child = [engine] { engine.enter_mounts(); };
    }
    return own_.start(
        {"python3", PADDOCK_SOURCE_DIR "/tests/engines/proxy.py", path_, engine.socket, change});
  }
  static inline int count_ = 0;
  World own_;  ///< for its way of starting a program
  std::string path_;
  Started process_;
};

}  // namespace paddock::test
