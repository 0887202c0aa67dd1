// Docker with gVisor's runtime, and worlds that ask for its kernel.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

namespace paddock::test {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

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
