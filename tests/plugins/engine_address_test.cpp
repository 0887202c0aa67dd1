// Where an engine is, by variables and files; nothing is connected to.
#include <stdlib.h>

#include "support/catch.hpp"
#include "support/engine/http/address.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::engine;
using paddock::test::TempDir;
using paddock::test::write_text;

namespace {

/// Variables of the environment, as they were when it goes.
class Variables {
 public:
  explicit Variables(const TempDir& home) {
    for (const char* name :
         {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
          "CONTAINER_HOST", "CONTAINER_CONNECTION", "XDG_CONFIG_HOME", "HOME"}) {
      const char* const value = ::getenv(name);
      before_.emplace_back(name, value == nullptr ? "" : value);
      ::unsetenv(name);
    }
    set("HOME", home.path().string());
  }
  ~Variables() {
    for (const auto& [name, value] : before_) {
      value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

 private:
  std::vector<std::pair<std::string, std::string>> before_;
};

std::string text(const Result<std::optional<Address>>& found) {
  return !found ? found.error().what : *found ? (*found)->name() : "nothing";
}

}  // namespace

TEST_CASE("engine: an endpoint is a unix socket, or TCP with TLS", "[engine]") {
  const auto name = [](const std::string& endpoint,
                       const std::optional<Tls>& tls = Tls{"ca", "", ""}) {
    const auto address = parse_endpoint(endpoint, "X", tls);
    return address ? address->name() : address.error().what;
  };
  CHECK(name("unix:///run/a.sock") == "/run/a.sock");
  CHECK(name("tcp://127.0.0.1:2376") == "tcp://127.0.0.1:2376");
  CHECK(name("tcp://[::1]:2376") == "tcp://[::1]:2376");
  CHECK(name("tcp://127.0.0.1:2375", std::nullopt) ==
        "X is 'tcp://127.0.0.1:2375', and whoever answers there without TLS would be believed");
  CHECK(name("ssh://me@there") ==
        "X is 'ssh://me@there', an engine of another machine, where no sandbox can be proved");
  for (const char* other : {"http://127.0.0.1:2375", "npipe:////./pipe/docker", "/run/a.sock"}) {
    CHECK(name(other) ==
          "X is '" + std::string(other) + "', which is neither a unix socket nor TCP");
  }
  for (const char* odd : {"tcp://", "tcp://host", "tcp://host:", "tcp://:1", "tcp://a@host:1",
                          "tcp://host:1/path", "tcp://host:x"}) {
    CHECK(name(odd) == "X is '" + std::string(odd) + "', which is no tcp://HOST:PORT");
  }
}

TEST_CASE("docker: the variable goes before the context, and 'default' is none", "[engine]") {
  const TempDir home;
  const Variables variables(home);
  CHECK(text(docker_address()) == "nothing");
  write_text(home / ".docker/config.json", R"({"currentContext":"default"})");
  CHECK(text(docker_address()) == "nothing");
  write_text(home / ".docker/config.json", R"({"currentContext":"gone"})");
  CHECK(text(docker_address()) ==
        "the Docker context 'gone' is not in '" + (home / ".docker/contexts").string() + "'");
  write_text(home / ".docker/config.json", "{");
  CHECK(text(docker_address()) ==
        "'" + (home / ".docker/config.json").string() + "' is not a JSON object");
  Variables::set("DOCKER_HOST", "unix:///run/other.sock");
  CHECK(text(docker_address()) == "/run/other.sock");
}

TEST_CASE("docker: a context that does not verify is refused", "[engine]") {
  const TempDir home;
  const Variables variables(home);
  Variables::set("DOCKER_CONTEXT", "lax");
  write_text(home / ".docker/contexts/meta" /
                 "b11e23303e7d8bc69ecf65d611409528002d7a0151abbd93de3d325908d69498" /
                 "meta.json",  // its sha256
             R"({"Name":"lax","Endpoints":{"docker":{"Host":"tcp://127.0.0.1:2376",)"
             R"("SkipTLSVerify":true}}})");
  CHECK(text(docker_address()) ==
        "the Docker context 'lax' does not verify who answers at 'tcp://127.0.0.1:2376'");
}

TEST_CASE("podman: a named connection, and no TCP", "[engine]") {
  const TempDir home;
  const Variables variables(home);
  CHECK(text(podman_address()) == "nothing");
  const auto file = home / ".config/containers/podman-connections.json";
  Variables::set("CONTAINER_CONNECTION", "mine");
  CHECK(text(podman_address()) ==
        "CONTAINER_CONNECTION is 'mine', which is not in '" + file.string() + "'");
  write_text(file, R"({"Connection":{"Connections":{"mine":{"URI":"unix:///run/mine.sock"},)"
                   R"("far":{"URI":"ssh://root@there/run/podman.sock"}}}})");
  CHECK(text(podman_address()) == "/run/mine.sock");
  Variables::set("CONTAINER_CONNECTION", "far");
  CHECK(text(podman_address()) ==
        "the Podman connection 'far' is 'ssh://root@there/run/podman.sock', an engine of another "
        "machine, where no sandbox can be proved");
  Variables::set("CONTAINER_HOST", "tcp://127.0.0.1:8080");
  CHECK(text(podman_address()).find("without TLS") != std::string::npos);
}
