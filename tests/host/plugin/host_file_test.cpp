// host.toml: what this machine's user says about plugins.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/render.hpp"
#include "plugin/registry.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)

namespace {

std::string problems(const std::string& text) {
  Settings settings;
  const auto applied = apply_host_file("host.toml", text, settings);
  return applied ? "" : render(applied.error());
}

/// A home with a host.toml; what this process reads of it.
class Home {
 public:
  explicit Home(const std::string& text = "require_pins = true\n") {
    ::setenv("XDG_CONFIG_HOME", dir_.path().c_str(), 1);
    test::write_text(file(), text);
    ::chmod(file().c_str(), 0600);
  }
  ~Home() { ::unsetenv("XDG_CONFIG_HOME"); }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  std::filesystem::path file() const { return dir_ / "paddock/host.toml"; }
  /// "pins" or "no pins" as the file says, or the error, its path shown as FILE.
  std::string answer() const {
    const auto settings = current_settings();
    if (settings) {
      return settings->require_pins ? "pins" : "no pins";
    }
    std::string text = render(settings.error());
    for (auto at = text.find(file().string()); at != std::string::npos;
         at = text.find(file().string())) {
      text.replace(at, file().string().size(), "FILE");
    }
    return text;
  }

 private:
  test::TempDir dir_;
};

}  // namespace

TEST_CASE("host file: directories, pins and preferences are read", "[plugin]") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const test::TempDir dir;
  test::write_text(dir / "firewall/manifest.toml", "");
  Settings settings;
  REQUIRE(apply_host_file("host.toml",
                          "plugin_directories = ['" + dir.path().string() +
                              "']\n"
                              "require_pins = true\n"
                              "[plugins.firewall]\n"
                              "digest = '" +
                              digest +
                              "'\n"
                              "[backend]\n"
                              "prefer = ['podman', 'bubblewrap']\n",
                          settings));
  REQUIRE(settings.search.size() == 1);
  CHECK(settings.search[0].directory == dir.path());
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
        "host.toml:2:10: error[P0201]: no plugin 'firewall' is installed, so this pins nothing\n"
        "  2 | [plugins.firewall]\n"
        "    |          ^^^^^^^^\n"
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

TEST_CASE("host file: a pin for nobody is an error with the nearest name", "[plugin][error]") {
  const test::TempDir dir;
  test::write_text(dir / "firewall/manifest.toml", "");
  const std::string text = "plugin_directories = ['" + dir.path().string() + "']\n";
  CHECK(problems(text + "[plugins.firewall]\n").empty());
  CHECK(problems(text + "[plugins.firewal]\n") ==
        "host.toml:2:10: error[P0201]: no plugin 'firewal' is installed, so this pins nothing\n"
        "  2 | [plugins.firewal]\n"
        "    |          ^^^^^^^\n"
        "  hint: did you mean 'firewall'?\n");
}

TEST_CASE("host file: what others can write is not believed", "[plugin][error]") {
  const Home home;
  CHECK(home.answer() == "pins");
  REQUIRE(::chmod(home.file().c_str(), 0620) == 0);
  CHECK(home.answer() ==
        "paddock: error[P0203]: 'FILE' can be written by its group\n"
        "  hint: chmod go-w 'FILE'\n");
  REQUIRE(::chmod(home.file().c_str(), 0602) == 0);
  CHECK(home.answer() ==
        "paddock: error[P0203]: 'FILE' can be written by everybody\n"
        "  hint: chmod go-w 'FILE'\n");
  REQUIRE(::chmod(home.file().c_str(), 0600) == 0);
  if (::geteuid() == 0) {
    REQUIRE(::chown(home.file().c_str(), 4242, 0) == 0);
    CHECK(home.answer() ==
          "paddock: error[P0203]: 'FILE' belongs to user 4242\n"
          "  hint: paddock believes only what root and you alone can write\n");
  }
}

TEST_CASE("host file: a link is followed, and one to nothing is not taken for no file",
          "[plugin][error]") {
  const Home home;
  const auto real = home.file().parent_path() / "real.toml";
  std::filesystem::rename(home.file(), real);
  CHECK(home.answer() == "no pins");  // no file at all
  std::filesystem::create_symlink(real, home.file());
  CHECK(home.answer() == "pins");
  std::filesystem::remove(real);
  CHECK(home.answer() == "paddock: error[P0701]: cannot open 'FILE': No such file or directory\n");
}
