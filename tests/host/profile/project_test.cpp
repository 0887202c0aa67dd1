// A project's own profile: where it is found, what of it is refused, and what an approval is bound
// to.
#include "profile/project.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/digest.hpp"
#include "base/render.hpp"
#include "host/profile/world.hpp"
#include "profile/approval_digest.hpp"
#include "profile/approvals.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

namespace fs = std::filesystem;

struct ProjectWorld : World {
  explicit ProjectWorld(const std::string& text = "extends = ['quickstart']\n") {
    fs::create_directories(context.cwd / "deep/er");
    folder = context.cwd;
    write(text);
  }
  void write(const std::string& text) const {
    write_text(folder / ".paddock/profile.toml", "schema_version = 1\n" + text);
  }
  profile::Context at(const fs::path& below) const {
    profile::Context there = context;
    there.cwd = folder / below;
    return there;
  }
  std::string found(const profile::Context& from) const {
    const auto path = profile::find_project(from);
    return path ? *path : tidy(render(path.error()));
  }
  fs::path file() const { return folder / ".paddock/profile.toml"; }
  fs::path folder;
};

constexpr const char* kNone =
    "paddock: error[P0135]: no profile is named, and no project's own '.paddock/profile.toml' is "
    "found from here up\n"
    "  hint: name one (`paddock profile list`); a command alone stands after `--`\n";

std::string problem_of(const profile::Context& context) {
  profile::Request request;
  request.profile = ".paddock/profile.toml";
  const auto resolved = profile::resolve(request, context);
  return resolved ? "" : render(resolved.error());
}

TEST_CASE("project: its file is found from any folder below", "[profile]") {
  const ProjectWorld world;
  CHECK(world.found(world.context) == ".paddock/profile.toml");
  CHECK(world.found(world.at("deep/er")) == "../../.paddock/profile.toml");
  // The nearest counts; a folder .paddock without a profile is none.
  fs::create_directories(world.folder / "deep/.paddock");
  CHECK(world.found(world.at("deep/er")) == "../../.paddock/profile.toml");
  write_text(world.folder / "deep/.paddock/profile.toml", "schema_version = 1\n");
  CHECK(world.found(world.at("deep/er")) == "../.paddock/profile.toml");
}

TEST_CASE("project: the search ends at the home, and where others could have put it",
          "[profile][trust]") {
  const ProjectWorld world;
  fs::remove_all(world.folder / ".paddock");
  CHECK(world.found(world.context) == kNone);
  write_text(world.context.home / ".paddock/profile.toml", "schema_version = 1\n");
  profile::Context at_home = world.context;
  at_home.cwd = world.context.home;
  CHECK(world.found(at_home) == kNone);
  at_home.cwd = world.context.home / "below";
  fs::create_directories(at_home.cwd);
  CHECK(world.found(at_home) == kNone);
  world.write("");
  ::chmod(world.folder.c_str(), 0777);
  CHECK(world.found(world.at("deep")) == kNone);
  ::chmod(world.folder.c_str(), 0755);
  CHECK(world.found(world.at("deep")) == "../.paddock/profile.toml");
  if (::geteuid() == 0) {
    REQUIRE(::chown(world.folder.c_str(), 54321, 54321) == 0);
    CHECK(world.found(world.at("deep")) == kNone);
  }
}

TEST_CASE("project: a hostile file is refused with its reason", "[profile][trust][error]") {
  const ProjectWorld world;
  const std::string hint =
      "  hint: look at it; to use another profile, name it: paddock run PROFILE\n";
  const auto is_refused = [&](const std::string& expected) {
    CHECK(world.found(world.context) == expected);
    CHECK(problem_of(world.context) == expected);
  };
  const std::string shown = "'.paddock/profile.toml'";
  ::chmod(world.file().c_str(), 0666);
  is_refused("paddock: error[P0132]: " + shown + " can be changed by every user\n" + hint);
  fs::remove(world.file());
  write_text(world.dir / "elsewhere.toml", "schema_version = 1\n");
  fs::create_symlink(world.dir / "elsewhere.toml", world.file());
  is_refused("paddock: error[P0132]: " + shown + " is a link or lies behind one\n" + hint);
  fs::remove(world.file());
  fs::create_symlink("/dev/zero", world.file());
  is_refused("paddock: error[P0132]: " + shown + " is a link or lies behind one\n" + hint);
  fs::remove(world.file());
  REQUIRE(::mkfifo(world.file().c_str(), 0644) == 0);
  is_refused("paddock: error[P0102]: cannot read " + shown + ": it is a fifo\n");
  fs::remove(world.file());
  write_text(world.file(), std::string(2 << 20, '#'));
  is_refused("paddock: error[P0103]: " + shown +
             " is larger than 48 KiB, the most that paddock reads\n");
  fs::remove_all(world.folder / ".paddock");
  fs::create_symlink(world.dir.path(), world.folder / ".paddock");
  is_refused("paddock: error[P0132]: " + shown + " is a link or lies behind one\n" + hint);
}

TEST_CASE("project: a file of another user is refused", "[profile][trust][error]") {
  const ProjectWorld world;
  profile::Context another = world.context;
  another.uid = world.context.uid + 1;
  CHECK(problem_of(another) ==
        "paddock: error[P0132]: '.paddock/profile.toml' belongs to another user\n"
        "  hint: look at it; to use another profile, name it: paddock run PROFILE\n");
}

TEST_CASE("project: its folder takes the place of the current one, wherever one stands",
          "[profile]") {
  const ProjectWorld world("extends = ['quickstart']\nworkspace.root = '.'\n");
  for (const char* below : {".", "deep", "deep/er"}) {
    const profile::Context from = world.at(fs::path(below).lexically_normal());
    profile::Request request;
    const auto path = profile::find_project(from);
    REQUIRE(path);
    request.profile = *path;
    const auto resolved = profile::resolve(request, from);
    INFO((resolved ? "" : render(resolved.error())));
    REQUIRE(resolved);
    CHECK(*resolved->root.find("workspace.root")->text() == world.folder.string());
    CHECK(resolved->name == world.folder.filename().string() + "/.paddock");
    CHECK(resolved->layers.back().trust == profile::Trust::kForeign);
  }
}

TEST_CASE("project: it may narrow, and asks for anything else", "[profile][trust][error]") {
  const ProjectWorld world("extends = ['quickstart']\nresources.pids = 99\n");
  CHECK(problem_of(world.context).empty());
  world.write("extends = ['quickstart']\nresources.pids = 99999\n");
  CHECK(world.tidy(problem_of(world.context))
            .find("hint: 'resources.pids' may only get smaller here; to allow it: paddock profile "
                  "approve '.paddock/profile.toml'") != std::string::npos);
  profile::Request request;
  request.profile = ".paddock/profile.toml";
  REQUIRE(profile::approve(request, world.context));
  CHECK(problem_of(world.context).empty());
  // The same from below, by another spelling; not for the same file in another project.
  const profile::Context below = world.at("deep");
  request.profile = "../.paddock/profile.toml";
  CHECK(profile::resolve(request, below));
  fs::create_directories(world.folder / "deep/.paddock");
  fs::copy_file(world.file(), world.folder / "deep/.paddock/profile.toml");
  CHECK_FALSE(problem_of(below).empty());
}

TEST_CASE("project: what is judged is what is used, whoever exchanges the file meanwhile",
          "[profile][trust]") {
  const ProjectWorld world("extends = ['quickstart']\nresources.pids = 99\n");
  const fs::path wide = world.folder / ".paddock/wide";
  write_text(wide, "schema_version = 1\nextends = ['quickstart']\nresources.pids = 99999\n");
  std::atomic<bool> stop{false};
  std::thread exchanger([&] {
    while (!stop) {
      ::renameat2(AT_FDCWD, wide.c_str(), AT_FDCWD, world.file().c_str(), RENAME_EXCHANGE);
    }
  });
  profile::Request request;
  request.profile = ".paddock/profile.toml";
  int narrow = 0, refused = 0;
  for (int i = 0; i < 5000 && (i < 300 || narrow == 0 || refused == 0); ++i) {
    const auto resolved = profile::resolve(request, world.context);
    ++(resolved ? narrow : refused);
    if (resolved) {
      CHECK(*resolved->root.find("resources.pids")->integer() == 99);
    }
  }
  stop = true;
  exchanger.join();
  CHECK(narrow > 0);
  CHECK(refused > 0);
}

TEST_CASE("approval: any change of a parent, of the file or of a plugin's default asks again",
          "[profile][trust]") {
  ProjectWorld world;
  OptionSpec level;
  level.key = "inner.level";
  level.type = OptionType::kInteger;
  level.default_value = Node(std::int64_t{3});
  world.context.plugin_options["extra"] = {level};
  world.context.known_plugins.push_back("extra");
  world.user("mine", "extends = ['quickstart']\n");
  const std::string text = "extends = ['mine']\nresources.pids = 99999\nhardener.extra = {}\n";
  world.write(text);
  profile::Request request;
  request.profile = ".paddock/profile.toml";
  REQUIRE(profile::approve(request, world.context));
  REQUIRE(problem_of(world.context).empty());

  world.write(text + "# another comment\n");
  CHECK_FALSE(problem_of(world.context).empty());
  world.write(text);
  CHECK(problem_of(world.context).empty());
  world.user("mine", "extends = ['quickstart']\n# another comment\n");
  CHECK_FALSE(problem_of(world.context).empty());
  world.user("mine", "extends = ['quickstart']\n");
  CHECK(problem_of(world.context).empty());
  world.context.plugin_options["extra"].front().default_value = Node(std::int64_t{4});
  CHECK_FALSE(problem_of(world.context).empty());
}

TEST_CASE("approval: one of the older kind does not hold any more", "[profile][trust]") {
  const ProjectWorld world("extends = ['quickstart']\nresources.pids = 99999\n");
  profile::Request request;
  request.profile = ".paddock/profile.toml";
  const auto approval = profile::prepare_approval(request, world.context);
  REQUIRE(approval);
  const std::string older = sha256(world.file().string() + "\n" + approval->profile.digest);
  REQUIRE(older != approval->digest);
  REQUIRE(profile::add_approval(older, "profile.toml", world.context));
  CHECK_FALSE(problem_of(world.context).empty());
  REQUIRE(profile::record_approval(*approval, world.context));
  CHECK(problem_of(world.context).empty());
}

}  // namespace
}  // namespace paddock::test
