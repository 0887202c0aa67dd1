#include "os/paths.hpp"

#include <stdlib.h>

#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test

namespace {

class Environment {
 public:
  Environment() {
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME",
                             "PADDOCK_STATE_DIR"}) {
      ::unsetenv(name);
    }
    ::setenv("HOME", "/home/somebody", 1);
  }
};

}  // namespace

TEST_CASE("paths: the XDG defaults below HOME", "[os]") {
  const Environment clean;
  const auto paths = os::user_paths();
  CHECK(paths.profiles == "/home/somebody/.config/paddock/profiles");
  CHECK(paths.plugins == "/home/somebody/.local/share/paddock/plugins");
  CHECK(paths.state == "/home/somebody/.local/state/paddock");
  CHECK(paths.cache == "/home/somebody/.cache/paddock");
}

TEST_CASE("paths: absolute variables win, relative ones are ignored", "[os]") {
  const Environment clean;
  ::setenv("XDG_CONFIG_HOME", "/c", 1);
  ::setenv("XDG_STATE_HOME", "relative", 1);
  const auto paths = os::user_paths();
  CHECK(paths.config == "/c/paddock");
  CHECK(paths.state == "/home/somebody/.local/state/paddock");
  ::setenv("PADDOCK_STATE_DIR", "/s", 1);
  CHECK(os::user_paths().state == "/s");
}

TEST_CASE("paths: HOME unset falls back to the password database", "[os]") {
  const Environment clean;
  ::unsetenv("HOME");
  CHECK(os::user_paths().home.is_absolute());
}

TEST_CASE("paths: the install tree is around the program", "[os]") {
  const auto paths = os::install_paths();
  CHECK(paths.gate == paths.prefix / "libexec/paddock/paddock-gate");
}
