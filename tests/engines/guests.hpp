// Worlds of an engine that has gVisor's runtime.
#pragma once

#include <unistd.h>

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
inline std::optional<TestEngine> gvisor() {
  for (TestEngine& engine : root_engines()) {
    if (engine.id == "docker" && has(engine.ask("GET", "/v1.41/info"), "\"runsc\"")) {
      return std::move(engine);
    }
  }
  return std::nullopt;
}

/// A world whose project is the workload's own on disk, and a profile that asks for a kernel apart.
class Guests : public World {
 public:
  explicit Guests(const TestEngine& engine) {
    engine.use(*this);
    profile("guest", kGuest);
    give_project(1000);
  }
  void give_project(uid_t uid) const { REQUIRE(::chown(project().c_str(), uid, uid) == 0); }
  static constexpr const char* kGuest =
      "extends = [\"quickstart\"]\n[backend]\nisolation = \"user-kernel\"\n";
};

}  // namespace paddock::test

#define NEEDS_GVISOR(engine)                   \
  const auto engine = paddock::test::gvisor(); \
  if (!engine) PADDOCK_SKIP("no Docker with gVisor's runtime was started for the tests")
