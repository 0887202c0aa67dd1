// host.toml: what this machine's user says about plugins.
#include "base/render.hpp"
#include "plugin/registry.hpp"
#include "support/catch.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)

namespace {

std::string problems(const std::string& text) {
  Settings settings;
  const auto applied = apply_host_file("host.toml", text, settings);
  return applied ? "" : render(applied.error());
}

}  // namespace

TEST_CASE("host file: directories, pins and preferences are read", "[plugin]") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  Settings settings;
  REQUIRE(apply_host_file("host.toml",
                          "plugin_directories = ['/opt/paddock/plugins']\n"
                          "require_pins = true\n"
                          "[plugins.firewall]\n"
                          "digest = '" +
                              digest +
                              "'\n"
                              "[backend]\n"
                              "prefer = ['podman', 'bubblewrap']\n",
                          settings));
  REQUIRE(settings.search.size() == 1);
  CHECK(settings.search[0].directory == "/opt/paddock/plugins");
  CHECK(settings.search[0].mode == Mode::kChildProcess);
  CHECK(settings.pins.at("firewall") == digest);
  CHECK(settings.require_pins);
  CHECK(settings.preferred_backends == std::vector<std::string>{"podman", "bubblewrap"});
}

TEST_CASE("host file: every problem has its place", "[plugin][error]") {
  CHECK(problems("plugin_directories = ['plugins']\n"
                 "[plugins.firewall]\n"
                 "digest = 'md5:1'\n"
                 "[backend]\n"
                 "perfer = []\n") ==
        "host.toml:1:23: error[P0114]: plugin directory 'plugins' is not an absolute path\n"
        "  1 | plugin_directories = ['plugins']\n"
        "    |                       ^^^^^^^^^\n"
        "host.toml:3:10: error[P0114]: 'digest' of plugin 'firewall' is not 'sha256:' and 64 "
        "lower-case hex digits\n"
        "  3 | digest = 'md5:1'\n"
        "    |          ^^^^^^^\n"
        "host.toml:5:1: error[P0112]: unknown key 'perfer' in [backend]\n"
        "  5 | perfer = []\n"
        "    | ^^^^^^\n"
        "  hint: did you mean 'prefer'?\n");
  CHECK(problems("require_pins = 'yes'\n") ==
        "host.toml:1:16: error[P0113]: 'require_pins' is a boolean, not a string\n"
        "  1 | require_pins = 'yes'\n"
        "    |                ^^^^^\n");
}
