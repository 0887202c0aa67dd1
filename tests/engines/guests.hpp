// Docker with gVisor's runtime, and worlds that ask for its kernel.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engines/engine.hpp"

namespace paddock::test {

/// Docker with gVisor's runtime.
std::optional<TestEngine> gvisor();

/// A world with the profile "guest", which asks for a kernel apart.
class Guests : public World {
 public:
  explicit Guests(const TestEngine& engine);
  /// The project, on disk.
  void give_project(uid_t uid) const;
  static constexpr const char* kGuest =
      "extends = [\"quickstart\"]\n[backend]\nisolation = \"user-kernel\"\n";
};

/// Protection to verdict and evidence.
std::map<std::string, std::string> verdicts(const World& world, const std::string& profile);

}  // namespace paddock::test

#define NEEDS_GVISOR(engine)                   \
  const auto engine = paddock::test::gvisor(); \
  if (!engine) PADDOCK_SKIP("no Docker with gVisor's runtime was started for the tests")
