#include "engines/guests.hpp"

#include <unistd.h>

#include "support/catch.hpp"

namespace paddock::test {

std::optional<TestEngine> gvisor() {
  for (TestEngine& engine : root_engines()) {
    if (engine.id == "docker" &&
        engine.ask("GET", "/v1.41/info").find("\"runsc\"") != std::string::npos) {
      return std::move(engine);
    }
  }
  return std::nullopt;
}

Guests::Guests(const TestEngine& engine) {
  engine.use(*this);
  profile("guest", kGuest);
}

void Guests::give_project(uid_t uid) const {
  REQUIRE(::chown(project().c_str(), uid, uid) == 0);
}

std::map<std::string, std::string> verdicts(const World& world, const std::string& profile) {
  return verdicts_of(world.run({"run", "--json", profile, "--", "sh", "-c", ":"}));
}

}  // namespace paddock::test
