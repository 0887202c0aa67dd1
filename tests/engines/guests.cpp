#include "engines/guests.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

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
  const Ran ran = world.run({"run", "--json", profile, "--", "sh", "-c", ":"});
  CAPTURE(ran.err);
  CHECK(ran.status == 0);
  std::map<std::string, std::string> found;
  const auto json = nlohmann::json::parse(ran.err.substr(ran.err.find('{')));
  for (const auto& entry : json.at("ledger")) {
    found[entry.at("protection").get<std::string>()] =
        entry.at("verdict").get<std::string>() + " " + entry.at("evidence").get<std::string>();
  }
  return found;
}

}  // namespace paddock::test
