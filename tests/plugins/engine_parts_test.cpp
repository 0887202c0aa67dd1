// Parts of the engines' backend that need no engine.
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/engine/http/http.hpp"
#include "support/engine/network.hpp"
#include "support/engine/record.hpp"
#include "support/engine/request.hpp"
#include "support/engine/volume.hpp"

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

TEST_CASE("engine: a port that is taken is named, other failures stay as they are", "[engine]") {
  contract::Plan plan;
  plan.network.publish["127.0.0.1:8080/tcp"] = {"127.0.0.1", 8080, 80};
  const auto explained = [&](const std::string& what) {
    return explain_start(plan, fail(ErrorCode::kBackendRefused, what).value()).value().what;
  };
  CHECK(explained("Bind for 127.0.0.1:8080 failed: port is already allocated") ==
        "port 127.0.0.1:8080/tcp is taken");
  CHECK(explained("listen tcp4 127.0.0.1:8080: bind: address already in use") ==
        "port 127.0.0.1:8080/tcp is taken");
  CHECK(explained("listen: address already in use") == "a published port is taken");
  CHECK(explained("no space left on device") == "no space left on device");
}

TEST_CASE("engine: other ports than those of the plan are a refusal", "[engine]") {
  contract::Plan plan;
  const auto seen = [&](const Json& ports) {
    const Json inspected = {{"NetworkSettings", {{"Ports", ports}}}};
    const auto same = check_published(plan, inspected.dump());
    return same ? "" : same.error().what;
  };
  CHECK(seen(Json::object()) == "");
  CHECK(seen({{"80/tcp", nullptr}}) == "");  // exposed by an image, led to by nothing
  plan.network.publish["127.0.0.1:8080/tcp"] = {"127.0.0.1", 8080, 80};
  const Json wanted = {{"80/tcp", {{{"HostIp", "127.0.0.1"}, {"HostPort", "8080"}}}}};
  CHECK(seen(wanted) == "");
  CHECK(seen(Json::object()) == "the engine publishes other ports than asked: none");
  Json wider = wanted;
  wider["80/tcp"][0]["HostIp"] = "0.0.0.0";
  CHECK(seen(wider) == "the engine publishes other ports than asked: 0.0.0.0 8080 80/tcp");
}

TEST_CASE("engine: a volume is known by the directory that it is kept in", "[engine]") {
  CHECK(volume_name("cache", "0123456789abcdef") == "paddock-cache-01234567");
  CHECK(volume_at("/var/lib/docker/volumes/paddock-cache-01234567/_data") ==
        "paddock-cache-01234567");
  CHECK(volume_at("/srv/paddock-cache-01234567") == "");
}
