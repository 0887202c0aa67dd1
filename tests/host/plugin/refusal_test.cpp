// Libraries that are refused before or while they are loaded, each with its whole message.
#include <sys/stat.h>

#include <chrono>
#include <fstream>

#include "base/digest.hpp"
#include "host/plugin/broken_plugin.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace)
using paddock::test::BrokenPlugin;

namespace {

/// Refused with `message`, within a second, and before any code of the library ran.
void check_unrun(const BrokenPlugin& plugin, const std::string& message) {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(plugin.refusal() == message);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
  CHECK_FALSE(std::filesystem::exists(plugin.marker()));
}

std::string cannot_load(const std::string& why) {
  return "paddock: error[P0204]: cannot load 'DIR/broken/libbroken.so': " + why + "\n";
}

std::string breaks_abi(const std::string& why) {
  return "paddock: error[P0205]: plugin 'broken' breaks the ABI: " + why + "\n";
}

}  // namespace

TEST_CASE("plugin loading: a sound plugin loads, runs and leaves its marker", "[plugin]") {
  const BrokenPlugin plugin;
  CHECK(plugin.refusal().empty());
  CHECK(std::filesystem::exists(plugin.marker()));
}

TEST_CASE("plugin loading: a struct of a newer minor is welcome", "[plugin]") {
  CHECK(BrokenPlugin("newer").refusal().empty());
}

TEST_CASE("plugin loading: another ABI is refused before any of its code runs", "[plugin][PL01]") {
  check_unrun(BrokenPlugin("abi-2"),
              "paddock: error[P0205]: cannot load 'DIR/broken/libbroken.so': it exports "
              "'paddock_plugin_v2', this paddock speaks ABI 1\n");
}

TEST_CASE("plugin loading: a library without the entry symbol is not run", "[plugin][PL02]") {
  check_unrun(BrokenPlugin("no-symbol"), cannot_load("it exports no 'paddock_plugin_v1'"));
}

TEST_CASE("plugin loading: a library that brings code from elsewhere is not run",
          "[plugin][PL07]") {
  const auto brings = [](const std::string& what) {
    return "paddock: error[P0203]: cannot load 'DIR/broken/libbroken.so': " + what +
           "\n  hint: build it without; paddock_add_plugin() does\n";
  };
  const std::string path = "it has a search path of its own, '/tmp/elsewhere'";
  check_unrun(BrokenPlugin("runpath"), brings(path));
  check_unrun(BrokenPlugin("rpath"), brings(path));
  const std::string other = "it brings another library to the dynamic linker, '/tmp/elsewhere/";
  check_unrun(BrokenPlugin("audit"), brings(other + "spy.so'"));
  check_unrun(BrokenPlugin("filter"), brings(other + "other.so'"));
  const BrokenPlugin by_path("needs-path");
  CHECK_THAT(by_path.refusal(), Catch::Matchers::StartsWith(
                                    "paddock: error[P0203]: cannot load "
                                    "'DIR/broken/libbroken.so': it needs a library by path, '"));
  CHECK_FALSE(std::filesystem::exists(by_path.marker()));
}

TEST_CASE("plugin loading: a wrong struct is named", "[plugin][PL02]") {
  CHECK(BrokenPlugin("bad-magic").refusal() ==
        breaks_abi("its struct does not hold the magic number"));
  CHECK(BrokenPlugin("short").refusal() == breaks_abi("its struct has 24 bytes, 72 are needed"));
  CHECK(BrokenPlugin("null").refusal() == breaks_abi("paddock_plugin_v1() returns null"));
}

TEST_CASE("plugin loading: a null function is named", "[plugin][PL02]") {
  for (const std::string name : {"create", "call", "cancel", "destroy", "extension"}) {
    CHECK(BrokenPlugin("no-" + name).refusal() ==
          breaks_abi("its function '" + name + "' is null"));
  }
}

TEST_CASE("plugin loading: the embedded manifest must be the file's", "[plugin]") {
  const std::string message =
      "paddock: error[P0203]: plugin 'broken' embeds another manifest than its manifest.toml\n"
      "  hint: rebuild the plugin: its manifest.toml changed since\n";
  const BrokenPlugin edited;
  test::write_text(edited.manifest(), test::broken_manifest() + "# a word more\n");
  check_unrun(edited, message);
  CHECK(BrokenPlugin("other-manifest").refusal() == message);  // only its code says so
}

TEST_CASE("plugin loading: files that are no library are refused at once", "[plugin][PL03]") {
  SECTION("empty") {
    const BrokenPlugin plugin;
    test::write_text(plugin.library(), "");
    check_unrun(plugin, cannot_load("the file is empty"));
  }
  SECTION("truncated anywhere") {
    const BrokenPlugin plugin;
    const auto size = std::filesystem::file_size(plugin.library());
    std::filesystem::resize_file(plugin.library(), size / 2);
    const std::string message = plugin.refusal();
    CHECK((message == cannot_load("the file is truncated") ||
           message == cannot_load("it exports no 'paddock_plugin_v1'")));
    std::filesystem::resize_file(plugin.library(), 40);
    check_unrun(plugin, cannot_load("the file is truncated"));
  }
  SECTION("text") {
    const BrokenPlugin plugin;
    test::write_text(plugin.library(), "#!/bin/sh\n");
    check_unrun(plugin, cannot_load("not a shared library"));
  }
  SECTION("another machine") {
    const BrokenPlugin plugin;
    std::fstream file(plugin.library(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(18).put(static_cast<char>(243)).put(0);  // e_machine: RISC-V
    file.close();
    check_unrun(plugin, cannot_load("it is built for another machine"));
  }
  SECTION("a program") {
    const BrokenPlugin plugin;
    std::filesystem::copy_file(PADDOCK_PLUGIN_DRIVER, plugin.library(),
                               std::filesystem::copy_options::overwrite_existing);
    check_unrun(plugin, cannot_load("it is a program, not a shared library"));
  }
  SECTION("2 GB of nothing") {
    const BrokenPlugin plugin;
    std::filesystem::resize_file(plugin.library(), 2ull << 30);
    check_unrun(plugin, cannot_load("the file is larger than 256 MiB"));
  }
}

TEST_CASE("plugin loading: special files and links are not opened", "[plugin][PL03]") {
  const BrokenPlugin plugin;
  std::filesystem::rename(plugin.library(), plugin.search() / "real.so");
  SECTION("a FIFO does not block") {
    REQUIRE(::mkfifo(plugin.library().c_str(), 0600) == 0);
    check_unrun(plugin, "paddock: error[P0203]: 'DIR/broken/libbroken.so' is not a regular file\n");
  }
  SECTION("a link") {
    std::filesystem::create_symlink(plugin.search() / "real.so", plugin.library());
    check_unrun(plugin, "paddock: error[P0203]: 'DIR/broken/libbroken.so' is a link\n");
  }
  SECTION("nothing") {
    check_unrun(plugin,
                "paddock: error[P0701]: cannot open 'DIR/broken/libbroken.so': No such file or "
                "directory\n");
  }
}

TEST_CASE("plugin loading: a pin must match the library", "[plugin][PL08]") {
  const BrokenPlugin plugin;
  const std::string digest = sha256(test::read_text(plugin.library()));
  const std::string other = "sha256:" + std::string(64, '0');
  auto settings = plugin.settings();
  settings.pins["broken"] = other;
  CHECK(plugin.refusal(settings) ==
        "paddock: error[P0203]: 'DIR/broken/libbroken.so' is not what host.toml pins: its digest "
        "is '" +
            digest + "', not '" + other +
            "'\n"
            "  hint: if you replaced the plugin yourself, pin the new digest\n");
  CHECK_FALSE(std::filesystem::exists(plugin.marker()));
  settings.pins["broken"] = digest;
  CHECK(plugin.refusal(settings).empty());
}

TEST_CASE("plugin loading: require_pins refuses the user's plugins without one", "[plugin][PL08]") {
  const BrokenPlugin plugin;
  auto settings = plugin.settings(plugin::Mode::kChildProcess);
  settings.require_pins = true;
  CHECK(plugin.refusal(settings) ==
        "paddock: error[P0203]: plugin 'broken' is not pinned, and host.toml sets 'require_pins'\n"
        "  hint: `paddock plugin info broken` shows the digest to pin\n");
  settings.search[0].mode = plugin::Mode::kInProcess;  // what ships with paddock needs none
  CHECK(plugin.refusal(settings).empty());
}

TEST_CASE("plugin loading: what did not ship is a stranger, even in the install tree",
          "[plugin][PL08]") {
  const BrokenPlugin plugin;
  auto settings = plugin.settings(plugin::Mode::kInProcess);
  settings.require_pins = true;
  settings.search[0].shipped = std::vector<std::string>{"broken"};
  CHECK(plugin.refusal(settings).empty());
  settings.search[0].shipped = std::vector<std::string>{"baseline"};
  CHECK(plugin.refusal(settings) ==
        "paddock: error[P0203]: plugin 'broken' is not pinned, and host.toml sets 'require_pins'\n"
        "  hint: `paddock plugin info broken` shows the digest to pin\n");
  const auto registry = plugin::Registry::discover(settings);
  CHECK((*registry->find("broken"))->mode == plugin::Mode::kChildProcess);
}

TEST_CASE("plugin loading: the digest is that of the library that was loaded", "[plugin]") {
  const BrokenPlugin plugin;
  const std::string digest = sha256(test::read_text(plugin.library()));
  const auto registry = plugin::Registry::discover(plugin.settings());
  const plugin::Manifest& manifest = **registry->find("broken");
  const auto instance = registry->load(manifest, "{}");
  REQUIRE(instance);
  std::filesystem::remove(plugin.library());
  std::filesystem::copy_file(std::string(PADDOCK_BUILD_DIR) + "/fixtures/broken-twin-a.so",
                             plugin.library());
  REQUIRE(sha256(test::read_text(plugin.library())) != digest);
  CHECK(registry->library_digest(manifest).value() == digest);
  const auto fresh = plugin::Registry::discover(plugin.settings());
  CHECK(fresh->library_digest(manifest).value() == sha256(test::read_text(plugin.library())));
}

TEST_CASE("plugin loading: a manifest that changes after it was read is refused", "[plugin]") {
  const BrokenPlugin plugin;
  const auto registry = plugin::Registry::discover(plugin.settings());
  const auto manifest = registry->find("broken");
  REQUIRE(manifest);
  test::write_text(plugin.manifest(), test::broken_manifest() + "\n");
  const auto loaded = registry->load(**manifest, "{}");
  REQUIRE_FALSE(loaded);
  CHECK(plugin.shorten(loaded.error().what) ==
        "'DIR/broken/manifest.toml' changed since it was read");
}

TEST_CASE("plugin loading: two libraries with the same symbols keep apart", "[plugin][PL14]") {
  const BrokenPlugin a("twin-a");
  const BrokenPlugin b("twin-b");
  const auto first = plugin::Registry::discover(a.settings());
  const auto second = plugin::Registry::discover(b.settings());
  const auto one = first->load(**first->find("broken"), "{}");
  const auto two = second->load(**second->find("broken"), "{}");
  REQUIRE(one);
  REQUIRE(two);
  CHECK((*one)->call("verify", "{}").value() == "a");
  CHECK((*two)->call("verify", "{}").value() == "b");
}

TEST_CASE("plugin loading: check() says what load() would, and runs nothing", "[plugin]") {
  const BrokenPlugin plugin;
  const auto registry = plugin::Registry::discover(plugin.settings());
  CHECK(registry->check(**registry->find("broken")));
  std::filesystem::permissions(plugin.library(), std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  CHECK_FALSE(registry->check(**registry->find("broken")));
  CHECK_FALSE(std::filesystem::exists(plugin.marker()));
}
