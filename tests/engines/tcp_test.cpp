// An engine over TCP with TLS, and by way of a context: paddock runs in the namespace in which the
// engine listens.
#include <openssl/sha.h>
#include <signal.h>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const TestEngine* docker() {
  static const auto kEngines = root_engines();
  for (const TestEngine& engine : kEngines) {
    if (engine.id == "docker") {
      return &engine;
    }
  }
  return nullptr;
}

/// paddock in the engine's network namespace, with nothing that names the engine yet.
void furnish(World& world) {
  docker()->use(world);
  world.environment.erase("DOCKER_HOST");
  docker()->enter_network(world);
}

std::string key_of(const std::string& name) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest);
  std::string text;
  for (const unsigned char byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

/// A context of Docker's, as `docker context create` writes it. Without `tls`: no TLS material.
void make_context(const World& world,
                  const std::string& name,
                  const std::string& host,
                  const std::filesystem::path& tls = {}) {
  const auto contexts = world.home() / ".docker/contexts";
  world.write(contexts / "meta" / key_of(name) / "meta.json",
              R"({"Name":")" + name + R"(","Metadata":{},"Endpoints":{"docker":{"Host":")" + host +
                  R"(","SkipTLSVerify":false}}})");
  if (!tls.empty()) {
    for (const char* file : {"ca.pem", "cert.pem", "key.pem"}) {
      world.write(contexts / "tls" / key_of(name) / "docker" / file, read_text(tls / file));
    }
  }
}

/// Nothing but Docker will do: where it cannot be had, the next backend would run it.
Ran in_docker(const World& world, const std::string& script) {
  return world.run({"run", "--backend", "docker", "quickstart", "--", "sh", "-c", script});
}

constexpr const char* kTcp = "tcp://127.0.0.1:2376";

}  // namespace

TEST_CASE("docker: over TCP with TLS a sandbox is proved like any other", "[engine][tcp]") {
  if (docker() == nullptr) {
    PADDOCK_SKIP("no engine was started for the tests");
  }
  World world;
  furnish(world);
  world.environment["DOCKER_HOST"] = kTcp;
  world.environment["DOCKER_TLS_VERIFY"] = "1";
  world.environment["DOCKER_CERT_PATH"] = docker()->folder() / "tls";
  const Ran ran = in_docker(world, "echo ran");
  CAPTURE(ran.err);
  CHECK(ran.status == 0);
  CHECK(ran.out == "ran\n");
  Started box = world.start({"run", "--backend", "docker", "--name", "box", "quickstart", "--",
                             "sh", "-c", "echo ready; sleep 1000; :"});
  REQUIRE(box.await_output("ready"));
  CHECK(world.run({"exec", "box", "echo", "inside"}).out == "inside\n");
  CHECK(world.run({"verify", "box"}).status == 0);
  CHECK(world.run({"stop", "box"}).status == 0);
  box.wait();
  CHECK(docker()->containers().empty());
}

TEST_CASE("docker: TCP without the right keys is refused, and says why", "[engine][tcp]") {
  if (docker() == nullptr) {
    PADDOCK_SKIP("no engine was started for the tests");
  }
  World world;
  furnish(world);
  const auto tried = [&] {
    const Ran ran = in_docker(world, "echo ran");
    CHECK(ran.status == 125);
    CHECK(ran.out.empty());
    return ran.err;
  };
  world.environment["DOCKER_HOST"] = kTcp;
  CHECK(has(tried(),
            "DOCKER_HOST is 'tcp://127.0.0.1:2376', and whoever answers there without TLS would be "
            "believed\n"
            "  hint: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or name a socket of this "
            "machine: unix:///PATH\n"));
  world.environment["DOCKER_TLS_VERIFY"] = "1";
  world.environment["DOCKER_CERT_PATH"] = world.root() / "nothing";
  CHECK(has(tried(), "cannot read '" + (world.root() / "nothing/ca.pem").string() +
                         "': No such file or directory\n"
                         "  hint: TLS needs ca.pem, cert.pem and key.pem there\n"));
  world.environment["DOCKER_CERT_PATH"] = docker()->folder() / "stranger";
  CHECK(
      has(tried(), "the engine at 'tcp://127.0.0.1:2376' cannot show that it is the right one: "));
  world.environment["DOCKER_HOST"] = "ssh://root@192.0.2.1";
  CHECK(has(tried(),
            "DOCKER_HOST is 'ssh://root@192.0.2.1', an engine of another machine, where no sandbox "
            "can be proved\n"));
}

TEST_CASE("docker: the client has to show a certificate of the engine's CA", "[engine][tcp]") {
  if (docker() == nullptr) {
    PADDOCK_SKIP("no engine was started for the tests");
  }
  World world;
  furnish(world);
  const auto tls = docker()->folder() / "tls";
  const auto mixed = world.root() / "mixed";
  for (const char* file : {"cert.pem", "key.pem"}) {
    world.write(mixed / file, read_text(docker()->folder() / "stranger" / file));
  }
  world.write(mixed / "ca.pem", read_text(tls / "ca.pem"));
  make_context(world, "stranger", kTcp, mixed);
  make_context(world, "nobody", kTcp, tls);
  const auto keys = world.home() / ".docker/contexts/tls" / key_of("nobody") / "docker";
  std::filesystem::remove(keys / "cert.pem");
  std::filesystem::remove(keys / "key.pem");
  world.environment["DOCKER_CONTEXT"] = "stranger";
  const Ran stranger = in_docker(world, "echo ran");
  CHECK(stranger.status == 125);
  CHECK(has(stranger.err, "the engine at 'tcp://127.0.0.1:2376' does not let this client in: "));
  CHECK(has(stranger.err, "hint: it does not trust '"));
  world.environment["DOCKER_CONTEXT"] = "nobody";
  const Ran nobody = in_docker(world, "echo ran");
  CHECK(nobody.status == 125);
  CHECK(has(nobody.err, "does not let this client in: "));
  CHECK(has(nobody.err, "hint: it asks for a client's certificate, and none was given\n"));
}

TEST_CASE("docker: the current context leads to the engine", "[engine][tcp]") {
  if (docker() == nullptr) {
    PADDOCK_SKIP("no engine was started for the tests");
  }
  World world;
  furnish(world);
  make_context(world, "secure", kTcp, docker()->folder() / "tls");
  make_context(world, "local", "unix://" + docker()->socket);
  make_context(world, "plain", kTcp);
  world.write(world.home() / ".docker/config.json", R"({"currentContext":"secure"})");
  CHECK(in_docker(world, "echo ran").out == "ran\n");
  world.environment["DOCKER_CONTEXT"] = "local";
  CHECK(in_docker(world, "echo ran").out == "ran\n");
  world.environment["DOCKER_CONTEXT"] = "plain";
  CHECK(has(in_docker(world, "true").err,
            "the Docker context 'plain' is 'tcp://127.0.0.1:2376', and whoever answers there "
            "without TLS would be believed\n"));
  world.environment["DOCKER_CONTEXT"] = "absent";
  const Ran absent = in_docker(world, "true");
  CHECK(absent.status == 125);
  CHECK(has(absent.err, "the Docker context 'absent' is not in '" +
                            (world.home() / ".docker/contexts").string() + "'\n"));
  // What is said outright goes before contexts.
  world.environment["DOCKER_HOST"] = "unix://" + docker()->socket;
  CHECK(in_docker(world, "echo ran").out == "ran\n");
}

TEST_CASE("docker: an engine of another machine is found out, and nothing of it is used",
          "[engine][tcp]") {
  if (docker() == nullptr) {
    PADDOCK_SKIP("no engine was started for the tests");
  }
  const auto keys = docker()->folder() / "tls";
  const std::vector<std::pair<std::string, std::string>> tells = {
      {"kernel", ": it runs on kernel '/elsewhere', here is '"},
      {"data", ": its data are in '/elsewhere', which is not here\n"},
      {"pid", ": process 1 here is not the container's\n"}};
  int port = 2390;
  for (const auto& [change, why] : tells) {
    CAPTURE(change);
    const std::string at = std::to_string(port++);
    World far;
    docker()->enter_network(far);
    far.program = "/usr/bin/python3";
    Started engine = far.start(
        {PADDOCK_SOURCE_DIR "/tests/engines/far.py", at, keys.string(), docker()->socket, change});
    REQUIRE(engine.await_output("ready"));
    World world;
    furnish(world);
    world.environment["DOCKER_HOST"] = "tcp://127.0.0.1:" + at;
    world.environment["DOCKER_TLS_VERIFY"] = "1";
    world.environment["DOCKER_CERT_PATH"] = keys;
    const Ran ran = in_docker(world, "echo ran");
    CAPTURE(ran.err);
    CHECK(ran.status == 125);
    CHECK(ran.out.empty());
    CHECK(has(ran.err, "the engine at 'tcp://127.0.0.1:" + at +
                           "' is not on this machine, where alone a sandbox can be proved" + why));
    CHECK(docker()->containers().empty());
    engine.kill(SIGKILL);
  }
}
