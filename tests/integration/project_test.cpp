// A project's own profile, .paddock/profile.toml, as the commands use it.
#include <unistd.h>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The project gets a profile, and commands are started in a folder of it.
void add_project(World& world, const std::string& body, const std::string& below = ".") {
  world.write(world.project() / ".paddock/profile.toml", "schema_version = 1\n" + body);
  std::filesystem::create_directories(world.project() / below);
  world.in_child = [folder = world.project() / below] {
    if (::chdir(folder.c_str()) != 0) {
      ::_exit(120);
    }
  };
}

}  // namespace

TEST_CASE("project: run without a profile takes the project's, from any folder of it",
          "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  add_project(world,
              "extends = [\"quickstart\"]\nresources.pids = 77\n[process]\numask = \"0077\"\n",
              "deep/er");
  const Ran ran = world.run({"run", "--", "sh", "-c", "umask; pwd; ls -A"});
  CAPTURE(ran.err);
  CHECK(ran.status == 0);
  CHECK(ran.out == "0077\n/workspace\n.paddock\ndeep\n");
  CHECK(holds(ran.err, "paddock: profile '../../.paddock/profile.toml'\n"));
  CHECK(holds(world.run({"ps", "--all", "--plain"}).out, "\tproject/.paddock\t"));
  CHECK(holds(world.run({"ps", "--all", "--plain"}).out, "project-"));
  CHECK(holds(world.run({"plan"}).out, "77"));
  CHECK(holds(world.run({"profile", "show"}).out, "resources.pids"));
  // Named, another profile is all there is.
  CHECK(world.run({"run", "quickstart", "--", "sh", "-c", "umask"}).out == "0022\n");
}

TEST_CASE("project: without one, run says what is missing", "[integration][error]") {
  World world;
  const Ran ran = world.run({"run", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.err ==
        "paddock: error[P0135]: no profile is named, and no project's own "
        "'.paddock/profile.toml' is found from here up\n"
        "  hint: name one (`paddock profile list`); a command alone stands after `--`\n");
}

TEST_CASE("project: what it asks for beyond narrowing takes an approval, of exactly that",
          "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  add_project(world, "extends = [\"quickstart\"]\nresources.pids = 5000\n", "deep");
  const Ran refused = world.run({"run", "--", "touch", "ran"});
  CHECK(refused.status == 125);
  CHECK(holds(refused.err, "'resources.pids' = 5000 loosens 4096"));
  CHECK(holds(refused.err, "paddock profile approve '../.paddock/profile.toml'"));
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  std::filesystem::permissions(world.profiles().parent_path(), std::filesystem::perms::owner_all);
  CHECK(world.run({"profile", "approve"}).status == 6);
  const Ran approved = world.run({"profile", "approve", "--yes"});
  CHECK(approved.status == 0);
  CHECK(holds(approved.err, "'resources.pids' = 5000 loosens 4096"));
  CHECK(world.run({"run", "--", "true"}).status == 0);
  world.write(world.project() / ".paddock/profile.toml",
              "schema_version = 1\nextends = [\"quickstart\"]\nresources.pids = 5001\n");
  CHECK(world.run({"run", "--", "true"}).status == 125);
}

TEST_CASE("project: a link in the place of the file is refused, whatever it leads to",
          "[integration][error]") {
  World world;
  world.profile("mine", "extends = [\"quickstart\"]\n");
  std::filesystem::create_directory(world.project() / ".paddock");
  std::filesystem::create_symlink(world.profiles() / "mine.toml",
                                  world.project() / ".paddock/profile.toml");
  const Ran ran = world.run({"run", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.err ==
        "paddock: error[P0132]: '.paddock/profile.toml' is a link or lies behind one\n"
        "  hint: look at it; to use another profile, name it: paddock run PROFILE\n");
}
