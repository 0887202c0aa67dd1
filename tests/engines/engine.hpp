// The engines that the rig started, worlds whose paddock finds them, and what they have, seen from
// outside.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "integration/world.hpp"

namespace paddock::test {

/// One that runs for the tests.
struct TestEngine {
  std::string id;        ///< of the backend: "docker"
  std::string variable;  ///< that names its socket
  std::string socket;    ///< a path

  /// Has the world's paddock prefer it and find it, or something in between, at `socket`.
  void use(World& world, const std::string& socket) const;
  void use(World& world) const { use(world, socket); }
  /// Body of its reply. `path` is "/v1.41/...".
  std::string ask(const std::string& method,
                  const std::string& path,
                  const std::string& body = {}) const;
  /// Names of all its containers, sorted.
  std::vector<std::string> containers() const;
  /// The same of its networks and volumes that begin with "paddock-".
  std::vector<std::string> networks() const;
  std::vector<std::string> volumes() const;

  /// The rig's folder.
  std::filesystem::path folder() const;
  /// Has the world's programs run in the engine's network namespace, where its bridges are and its
  /// published ports lead from.
  void enter_network(World& world) const;
};

/// None where this user cannot run any.
std::vector<TestEngine> engines();

}  // namespace paddock::test

/// Ends the test as skipped where no engine was started.
#define NEEDS_ENGINES() \
  if (paddock::test::engines().empty()) PADDOCK_SKIP("no engine was started for the tests")
