// Published ports as a profile writes them, and who may.
#include "profile/publish.hpp"

#include "host/profile/world.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

std::string key(std::string_view text) {
  const auto port = profile::parse_publish(text);
  return port ? profile::publish_key(*port) + " " + std::to_string(port->port) : port.error().what;
}

}  // namespace

TEST_CASE("publish: an entry has an address, two ports and a protocol", "[profile]") {
  CHECK(key("8080:80") == "127.0.0.1:8080/tcp 80");
  CHECK(key("8080:80/udp") == "127.0.0.1:8080/udp 80");
  CHECK(key("0.0.0.0:1:65535/tcp") == "0.0.0.0:1/tcp 65535");
  CHECK(key("[::1]:8080:80") == "[::1]:8080/tcp 80");
  CHECK(key("[0:0::1]:8080:80") == "[::1]:8080/tcp 80");
}

TEST_CASE("publish: what is no entry says why", "[profile][error]") {
  const std::string nothing = " publishes nothing: ";
  CHECK(key("80") == "'80'" + nothing + "there are not two ports");
  CHECK(key("") == "''" + nothing + "there are not two ports");
  for (const char* text : {"0:80", "80:0", "65536:80", "-1:80", "80:", ":80", "a:80", "80 :80"}) {
    CAPTURE(text);
    CHECK(key(text) ==
          "'" + std::string(text) + "'" + nothing + "a port is a number from 1 to 65535");
  }
  CHECK(key("80:80/sctp") == "'80:80/sctp'" + nothing + "the protocol is neither tcp nor udp");
  for (const char* text : {"localhost:80:80", "1.2.3:80:80", "::1:80:80", "[1.2.3.4]:80:80"}) {
    CAPTURE(text);
    CHECK(key(text) == "'" + std::string(text) + "'" + nothing +
                           "the address is not one of IPv4, or of IPv6 in brackets");
  }
}

TEST_CASE("publish: only this machine reaches a loopback address", "[profile]") {
  CHECK(profile::is_loopback(*profile::parse_publish("8080:80")));
  CHECK(profile::is_loopback(*profile::parse_publish("[::1]:8080:80")));
  CHECK_FALSE(profile::is_loopback(*profile::parse_publish("0.0.0.0:8080:80")));
}

namespace paddock::test {
namespace {

TEST_CASE("network: a repository's profile gets no network, no way out and no port",
          "[profile][trust][error]") {
  const World world;
  world.user("mine", "extends = ['quickstart']\nnetwork.mode = 'isolated'");
  for (const auto& [line, loosened] :
       {std::pair("egress = 'unrestricted'",
                  "'network.egress' = \"unrestricted\" loosens \"none\""),
        {"publish = ['8080:80']", "'network.publish' = [\"8080:80\"] loosens []"},
        {"publish = ['0.0.0.0:8080:80']",
         "'network.publish' = [\"0.0.0.0:8080:80\"] loosens []"}}) {
    CAPTURE(line);
    const auto resolved = world.resolve(
        world.project("repo", "extends = ['quickstart']\n[network]\n" + std::string(line)));
    REQUIRE_FALSE(resolved.has_value());
    CHECK(resolved.error().code == ErrorCode::kWidening);
    CHECK(resolved.error().what == loosened);
  }
  world.user("own",
             "extends = ['mine']\n[network]\negress = 'unrestricted'\npublish = ['8080:80']");
  CHECK(world.resolve("own").has_value());
  // What one's own profile opened, a repository may close.
  CHECK(world.resolve("own", {"network.egress=none"}).has_value());
}

TEST_CASE("network: two entries for one port, and one that is none, are errors at their place",
          "[profile][error]") {
  const World world;
  world.user("twice", "[network]\npublish = ['8080:80', '127.0.0.1:8080:81/tcp']");
  CHECK(world.problem("twice") ==
        "USER/twice.toml:3:23: error[P0115]: two entries of 'publish' have the port "
        "127.0.0.1:8080/tcp\n"
        "  3 | publish = ['8080:80', '127.0.0.1:8080:81/tcp']\n"
        "    |                       ^^^^^^^^^^^^^^^^^^^^^^^\n");
  world.user("none", "[network]\npublish = ['http']");
  CHECK(world.problem("none") ==
        "USER/none.toml:3:12: error[P0114]: 'http' publishes nothing: there are not two ports\n"
        "  3 | publish = ['http']\n"
        "    |            ^^^^^^\n"
        "  hint: write HOST_PORT:PORT, with an address of this machine before it and /tcp or /udp "
        "behind it if need be: \"127.0.0.1:8080:80\"\n");
}

TEST_CASE("volume: an entry names one, and nothing that is not one's own", "[profile][error]") {
  const World world;
  const auto what = [&](const std::string& lines) {
    world.user("one", "[[mounts]]\ntarget = '/cache'\n" + lines);
    const auto resolved = world.resolve("one");
    return resolved ? std::string("fine") : resolved.error().what;
  };
  CHECK(what("type = 'volume'\nvolume = 'cache'") == "fine");
  CHECK(what("type = 'volume'\nvolume = '${user}-cache'") == "fine");
  CHECK(what("type = 'volume'") == "'volume' is missing in [[mounts]]");
  CHECK(what("volume = 'cache'") == "'volume' in [[mounts]] is of type \"volume\" only");
  CHECK(what("type = 'volume'\nvolume = '../etc'") == "'../etc' is not a volume's name");
  CHECK(what("type = 'volume'\nvolume = 'cache'\nsource = '/srv'") ==
        "a volume in [[mounts]] has no 'source'");
  CHECK(what("type = 'volume'\nvolume = 'cache'\nsize = '1MiB'") ==
        "'size' in [[mounts]] is of a tmpfs only");
}

TEST_CASE("volume: a repository's profile may not name one, nor take one over",
          "[profile][trust][error]") {
  const World world;
  const std::string mount = "[[mounts]]\ntype = 'volume'\nvolume = 'cache'\ntarget = '/cache'\n";
  const auto asked = world.resolve(world.project("repo", "extends = ['quickstart']\n" + mount));
  REQUIRE_FALSE(asked.has_value());
  CHECK(asked.error().code == ErrorCode::kUntrusted);
  CHECK(asked.error().what == "a profile that is not yours mounts something at '/cache'");
  world.user("mine", "extends = ['quickstart']\n" + mount);
  const auto taken = world.resolve(world.project("other", "extends = ['mine']"));
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().what == "a profile that is not yours takes over what 'mine' grants");
}

}  // namespace
}  // namespace paddock::test
