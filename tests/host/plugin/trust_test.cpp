// Whose files are believed (CASES PL07). As root a second user is played by changing the
// effective user of a child process.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "host/plugin/broken_plugin.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using paddock::test::BrokenPlugin;

namespace {

constexpr uid_t kSomebody = 4242;
constexpr uid_t kSomebodyElse = 4343;

std::string writable(const std::string& path,
                     const std::string& by,
                     const std::string& repair = {}) {
  return "paddock: error[P0203]: '" + path + "' can be written by " + by + "\n  hint: chmod " +
         (repair.empty() ? "go-w '" + path + "'" : repair) + "\n";
}

const std::string kCloseAll = "-R go-w 'DIR/broken'";

std::string foreign(const std::string& path, uid_t owner) {
  return "paddock: error[P0203]: '" + path + "' belongs to user " + std::to_string(owner) +
         "\n  hint: paddock believes only what root and you alone can write\n";
}

void check_refused(const BrokenPlugin& plugin, const std::string& message) {
  CHECK(plugin.refusal() == message);
  CHECK_FALSE(std::filesystem::exists(plugin.marker()));
}

/// What `say` says in a process of user kSomebody.
std::string as_somebody(const std::function<std::string()>& say) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(kSomebody) != 0 || ::setuid(kSomebody) != 0) {
      ::_exit(9);
    }
    const std::string text = say();
    ::_exit(::write(ends[1], text.data(), text.size()) < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  std::string text(4096, '\0');
  const ssize_t got = ::read(ends[0], text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  return text;
}

std::string refusal_to_somebody(const BrokenPlugin& plugin) {
  return as_somebody([&] { return plugin.refusal(); });
}

void give(const BrokenPlugin& plugin, uid_t user) {
  for (const auto& path :
       {plugin.search(), plugin.directory(), plugin.library(), plugin.manifest()}) {
    REQUIRE(::chown(path.c_str(), user, user) == 0);
  }
}

bool is_root() {
  return ::geteuid() == 0;
}

}  // namespace

TEST_CASE("plugin trust: what others can write is refused", "[plugin][PL07]") {
  const BrokenPlugin plugin;
  const auto check_mode = [&](const std::filesystem::path& path, mode_t mode, const std::string& by,
                              const std::string& repair) {
    struct stat before {};
    REQUIRE(::stat(path.c_str(), &before) == 0);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    check_refused(plugin, writable(plugin.shorten(path.string()), by, repair));
    REQUIRE(::chmod(path.c_str(), before.st_mode & 07777) == 0);
  };
  check_mode(plugin.library(), 0666, "everybody", kCloseAll);
  check_mode(plugin.library(), 0664, "its group", kCloseAll);
  check_mode(plugin.manifest(), 0646, "everybody", kCloseAll);
  check_mode(plugin.directory(), 0775, "its group", kCloseAll);
  // Sticky does not help a plugin's own directory.
  check_mode(plugin.directory(), 01777, "everybody", kCloseAll);
  check_mode(plugin.search(), 0777, "everybody", "");
  CHECK(plugin.refusal().empty());
}

TEST_CASE("plugin trust: a parent of the search directory counts", "[plugin][PL07]") {
  const BrokenPlugin plugin;
  const auto outer = plugin.search() / "outer";
  const auto inner = outer / "inner";
  std::filesystem::create_directories(inner);
  std::filesystem::rename(plugin.directory(), inner / "broken");
  auto settings = plugin.settings();
  settings.search[0].directory = inner;
  CHECK(plugin.refusal(settings).empty());
  REQUIRE(::chmod(outer.c_str(), 0777) == 0);
  CHECK(plugin.refusal(settings) == writable("DIR/outer", "everybody"));
  REQUIRE(::chmod(outer.c_str(), 01777) == 0);  // as /tmp, where nobody can replace another's entry
  CHECK(plugin.refusal(settings).empty());
}

TEST_CASE("plugin trust: links above the search directory are followed and checked",
          "[plugin][PL07]") {
  const BrokenPlugin plugin;
  const auto open = plugin.search() / "open";
  std::filesystem::create_directory(open);
  std::filesystem::create_directory_symlink(plugin.search(), open / "link");
  auto settings = plugin.settings();
  settings.search[0].directory = open / "link";
  REQUIRE(::chmod(open.c_str(), 0755) == 0);
  CHECK(plugin.refusal(settings).empty());
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  CHECK(plugin.refusal(settings) == writable("DIR/open", "everybody"));
}

TEST_CASE("plugin trust: a plugin directory or manifest that is a link is refused",
          "[plugin][PL07]") {
  const BrokenPlugin plugin;
  SECTION("directory") {
    std::filesystem::rename(plugin.directory(), plugin.search() / "real");
    std::filesystem::create_directory_symlink(plugin.search() / "real", plugin.directory());
    CHECK(plugin.refusal() ==
          "paddock: error[P0203]: 'DIR/broken' is a link or not a directory\n"
          "  reading the manifest of plugin 'broken'\n");
  }
  SECTION("manifest") {
    std::filesystem::rename(plugin.manifest(), plugin.search() / "real.toml");
    std::filesystem::create_symlink(plugin.search() / "real.toml", plugin.manifest());
    CHECK(plugin.refusal() ==
          "paddock: error[P0203]: 'DIR/broken/manifest.toml' is a link\n"
          "  reading the manifest of plugin 'broken'\n");
  }
}

TEST_CASE("plugin trust: files of other users are refused", "[plugin][PL07]") {
  if (!is_root()) {
    PADDOCK_SKIP("needs root to make files of other users");
  }
  const BrokenPlugin plugin;
  REQUIRE(::chown(plugin.library().c_str(), kSomebody, 0) == 0);
  check_refused(plugin, foreign("DIR/broken/libbroken.so", kSomebody));
  REQUIRE(::chown(plugin.library().c_str(), 0, 0) == 0);
  REQUIRE(::chown(plugin.directory().c_str(), kSomebody, 0) == 0);
  check_refused(plugin, foreign("DIR/broken", kSomebody));
}

TEST_CASE("plugin trust: a user's own and root's files are fine, a third user's are not",
          "[plugin][PL07]") {
  if (!is_root()) {
    PADDOCK_SKIP("needs root to become another user");
  }
  const BrokenPlugin plugin;
  REQUIRE(::chmod(plugin.search().c_str(), 0755) == 0);
  CHECK(refusal_to_somebody(plugin).empty());  // root's
  give(plugin, kSomebody);
  CHECK(refusal_to_somebody(plugin).empty());
  REQUIRE(::chown(plugin.library().c_str(), kSomebodyElse, kSomebodyElse) == 0);
  CHECK(refusal_to_somebody(plugin) == foreign("DIR/broken/libbroken.so", kSomebodyElse));
}

TEST_CASE("plugin trust: a user's own group may write above the search directory, no other group",
          "[plugin][PL07]") {
  if (!is_root()) {
    PADDOCK_SKIP("needs root to become another user");
  }
  const BrokenPlugin plugin;
  const auto home = plugin.search() / "home";
  const auto search = home / "plugins";
  std::filesystem::create_directories(search);
  std::filesystem::rename(plugin.directory(), search / "broken");
  auto settings = plugin.settings();
  settings.search[0].directory = search;
  REQUIRE(::chmod(plugin.search().c_str(), 0755) == 0);
  REQUIRE(::chmod(home.c_str(), 0775) == 0);  // as a umask of 002 leaves it
  const auto answer = [&](uid_t owner, gid_t group) {
    REQUIRE(::chown(home.c_str(), owner, group) == 0);
    return as_somebody([&] { return plugin.refusal(settings); });
  };
  CHECK(answer(kSomebody, kSomebody).empty());
  CHECK(answer(kSomebody, kSomebodyElse) == writable("DIR/home", "its group"));
  CHECK(answer(0, kSomebody) == writable("DIR/home", "its group"));
  REQUIRE(::chmod(home.c_str(), 0777) == 0);
  CHECK(answer(kSomebody, kSomebody) == writable("DIR/home", "everybody"));
  // The search directory itself is held to more.
  REQUIRE(::chmod(home.c_str(), 0755) == 0);
  REQUIRE(::chmod(search.c_str(), 0775) == 0);
  REQUIRE(::chown(search.c_str(), kSomebody, kSomebody) == 0);
  CHECK(answer(kSomebody, kSomebody) == writable("DIR/home/plugins", "its group"));
}
