// Parts of the engines' backend that need no engine.
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/engine/http.hpp"
#include "support/engine/record.hpp"
#include "support/engine/request.hpp"

using namespace paddock;
using namespace paddock::engine;

namespace {

using Json = nlohmann::json;

const Json kAsked = {{"User", "1000:1000"},
                     {"Tty", false},
                     {"HostConfig",
                      {{"PidsLimit", 100},
                       {"Privileged", false},
                       {"CapDrop", {"ALL"}},
                       {"Mounts", {{{"Source", "/usr"}, {"ReadOnly", true}}}}}}};

/// What an engine says of a container that it made as it was asked to.
Json told() {
  Json config = kAsked;
  config.erase("HostConfig");
  return {{"Id", "abc"}, {"Config", config}, {"HostConfig", kAsked.at("HostConfig")}};
}

std::string complaint(const Json& inspected) {
  const auto same = read_back(kAsked.dump(), inspected.dump());
  return same ? "" : same.error().what;
}

}  // namespace

TEST_CASE("engine: what it tells of a container has to be what was asked for", "[engine]") {
  const std::string otherwise = "the engine made the container otherwise than asked: ";
  CHECK(complaint(told()) == "");
  Json more = told();
  more["HostConfig"]["OomKillDisable"] = true;
  CHECK(complaint(more) == "");  // it tells what nobody asked about, too
  Json silent = told();
  silent["HostConfig"].erase("Privileged");
  CHECK(complaint(silent) == "");  // left out means false
  Json dropped = told();
  dropped["HostConfig"].erase("PidsLimit");
  CHECK(complaint(dropped) == otherwise + "HostConfig.PidsLimit");
  Json other = told();
  other["HostConfig"]["CapDrop"] = {"NET_RAW"};
  CHECK(complaint(other) == otherwise + "HostConfig.CapDrop.0");
  Json wider = told();
  wider["HostConfig"]["Mounts"][0]["ReadOnly"] = false;
  CHECK(complaint(wider) == otherwise + "HostConfig.Mounts.0.ReadOnly");
  Json longer = told();
  longer["HostConfig"]["Mounts"].push_back({{"Source", "/etc"}});
  CHECK(complaint(longer) == otherwise + "HostConfig.Mounts");
  Json user = told();
  user["Config"]["User"] = "0";
  CHECK(complaint(user) == otherwise + "Config.User");
}

TEST_CASE("engine: a record that was tampered with names no container", "[engine]") {
  const Record record{"0123abcdef", "/state/run \"here\"", "77"};
  const auto again = from_json(to_json(record));
  REQUIRE(again);
  CHECK(again->container == record.container);
  CHECK(again->runtime_dir == record.runtime_dir);
  CHECK(again->exec == record.exec);
  for (const char* text :
       {"", "null", "[]", "{}", R"({"container":""})", R"({"container":7})",
        R"({"container":"../images/x"})", R"({"container":"ab","exec":"a/b"})"}) {
    CAPTURE(text);
    CHECK_FALSE(from_json({text}));
  }
}

TEST_CASE("engine: a part of a query is escaped", "[engine]") {
  CHECK(url_escape("paddock-box.1_~") == "paddock-box.1_~");
  CHECK(url_escape("a/b?c=d&e f\xc3\xa9") == "a%2Fb%3Fc%3Dd%26e%20f%C3%A9");
}

TEST_CASE("engine: a container's name is the sandbox's and the launch's", "[engine]") {
  CHECK(container_name("box", "0123456789abcdef") == "paddock-box-01234567");
}

TEST_CASE("engine: a tmpfs has its size, and is what the plan says", "[engine]") {
  contract::Mount home;
  home.type = contract::MountType::kTmpfs;
  home.read_only = false;
  home.size_bytes = 4096;
  home.purpose = "home";
  CHECK(tmpfs_options(home) ==
        std::vector<std::string>{"rw", "exec", "nosuid", "nodev", "size=4096", "mode=0700"});
  home.purpose = "scratch";
  home.executable = false;
  CHECK(tmpfs_options(home) ==
        std::vector<std::string>{"rw", "noexec", "nosuid", "nodev", "size=4096", "mode=1777"});
}
