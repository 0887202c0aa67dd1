// The engines that the rig started, worlds whose paddock finds them, and what they have, seen from
// outside.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "integration/world.hpp"

namespace paddock::test {

/// One that runs for the tests.
struct TestEngine {
  std::string name;      ///< of the rig: "podman-rootless"
  std::string id;        ///< of the backend: "podman"
  std::string variable;  ///< that names its socket
  std::string socket;    ///< a path
  uid_t uid = 0;         ///< whose it is: World's argument

  /// Has the world's paddock prefer it and find it, or something in between, at `socket`.
  void use(World& world, const std::string& socket) const;
  void use(World& world) const { use(world, socket); }
  /// Has the world's paddock find nobody who serves, and start a service over the same containers.
  void use_own_service(World& world) const;
  /// For a child process of the tests' root: into the mounts in which the user has an account.
  void enter_mounts() const;
  /// The same, and has it be that user from now on. Nothing, for root's.
  void become_user() const;
  /// Body of its reply. `path` is "/v1.41/...".
  std::string ask(const std::string& method,
                  const std::string& path,
                  const std::string& body = {}) const;
  /// Names of all its containers, sorted.
  std::vector<std::string> containers() const;
  /// The same of its networks and volumes that begin with "paddock-".
  std::vector<std::string> networks() const;
  std::vector<std::string> volumes() const;

  /// Whose mounts the engine has, and those of them below a folder, as lines of mountinfo.
  pid_t process() const;
  std::string mounts_below(const std::filesystem::path& folder) const;

  /// The rig's folder.
  std::filesystem::path folder() const;
  /// Has the world's programs run in the engine's network namespace, where the bridges of root's
  /// are and published ports lead from.
  void enter_network(World& world) const;
};

/// Those whose user can reach the build tree; none where this user cannot run any.
std::vector<TestEngine> engines();
/// Those of them that are root's.
std::vector<TestEngine> root_engines();
/// Those of them whose networks lead into namespaces of the rig's, which nothing leaves that a
/// sandbox sends.
std::vector<TestEngine> networked_engines();

/// Protection to verdict and evidence, by what a launch with --json told.
std::map<std::string, std::string> verdicts_of(const Ran& ran);

}  // namespace paddock::test

/// Ends the test as skipped where no engine was started.
#define NEEDS_ENGINES() \
  if (paddock::test::engines().empty()) PADDOCK_SKIP("no engine was started for the tests")
#define NEEDS_NETWORKS()                          \
  NEEDS_ENGINES();                                \
  if (paddock::test::networked_engines().empty()) \
  PADDOCK_SKIP("networks of the tests' own take root")
