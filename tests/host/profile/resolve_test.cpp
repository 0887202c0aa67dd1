// What a profile resolves to: base below everything, extends, overrides, variables, shipped files.
#include "host/profile/world.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

TEST_CASE("profile: an empty file is as strict as base (PR13)", "[profile]") {
  const World world;
  write_text(world.context.user_dir / "empty.toml", "");
  const auto empty = world.resolve("empty");
  const auto base = world.resolve("base");
  REQUIRE(empty.has_value());
  REQUIRE(base.has_value());
  CHECK(to_json(empty->root) == to_json(base->root));
  CHECK(empty->root.find("network.mode")->where.file == base->layers.front().file);
  CHECK(profile::named_hardeners(*empty) == std::vector<std::string>{"baseline"});
  CHECK(world.value("empty", "workspace").empty());
}

TEST_CASE("profile: quickstart stands on base and takes the current folder", "[profile]") {
  const World world;
  CHECK(world.value("quickstart", "workspace.root") == "\"PROJECT\"");
  CHECK(world.value("quickstart", "workspace.mode") == "\"rw\"");
  CHECK(world.value("quickstart", "network.mode") == "\"none\"");
  CHECK(world.value("quickstart", "resources.memory") == "\"8GiB\"");
  const auto resolved = world.resolve("quickstart");
  REQUIRE(resolved.has_value());
  REQUIRE(resolved->layers.size() == 2);
  CHECK(resolved->layers[0].name == "base");
  CHECK(resolved->layers[1].name == "quickstart");
  CHECK(resolved->layers[1].trust == profile::Trust::kShipped);
  CHECK(resolved->digest.rfind("sha256:", 0) == 0);
  CHECK(resolved->widenings.empty());
  const Node& root = *resolved->root.find("workspace.root");
  CHECK(root.layer == "quickstart");
  CHECK(root.where.line > 1);
  CHECK(root.where.column == 8);
  CHECK(root.where.length == 8);
}

TEST_CASE("profile: every shipped profile loads", "[profile]") {
  const World world;
  for (const char* folder :
       {"Projects", "Documentation", "Research", "shared", "imports", "exports"}) {
    std::filesystem::create_directories(world.context.home / "paddock" / folder);
  }
  for (const char* name : {"base", "default", "quickstart", "offline", "agent", "build"}) {
    INFO(name);
    CHECK(world.problem(name).empty());
    const auto resolved = world.resolve(name);
    REQUIRE(resolved.has_value());
    CHECK_FALSE(resolved->description.empty());
    CHECK(resolved->widenings.empty());
    CHECK(*resolved->root.find("network.mode")->text() == "none");
  }
  CHECK(world.value("default", "workspace.folders") ==
        "{\"Documentation\":\"rw\",\"Projects\":\"rw\",\"Research\":\"rw\",\"exports\":\"rw\","
        "\"imports\":\"ro\",\"shared\":\"rw\"}");
}

TEST_CASE("profile: parents apply in the order of extends, each once (PR04)", "[profile]") {
  const World world;
  world.user("top", "process.env = { A = 'top', B = 'top', C = 'top', D = 'top' }");
  world.user("left", "extends = ['top']\nprocess.env = { B = 'left', C = 'left', D = 'left' }");
  world.user("right", "extends = ['top']\nprocess.env = { C = 'right', D = 'right' }");
  world.user("leaf", "extends = ['left', 'right']\nprocess.env = { D = 'leaf' }");
  CHECK(world.value("leaf", "process.env") ==
        "{\"A\":\"top\",\"B\":\"left\",\"C\":\"right\",\"D\":\"leaf\"}");
  const auto resolved = world.resolve("leaf");
  std::vector<std::string> names;
  for (const auto& layer : resolved->layers) {
    names.push_back(layer.name);
  }
  CHECK(names == std::vector<std::string>{"base", "top", "left", "right", "leaf"});
}

TEST_CASE("profile: two parents of one profile meet at the strictest", "[profile]") {
  const World world;
  world.user("small", "resources.memory = '1GiB'\nresources.pids = 100");
  world.user("large", "resources.memory = '2GiB'\nresources.pids = 50");
  world.user("one", "extends = ['small', 'large']");
  world.user("two", "extends = ['large', 'small']");
  for (const char* name : {"one", "two"}) {
    CHECK(world.value(name, "resources.memory") == "\"1GiB\"");
    CHECK(world.value(name, "resources.pids") == "50");
  }
}

TEST_CASE("profile: an override applies on the machine that it names", "[profile]") {
  const World world;
  world.user("here",
             "resources.pids = 100\n"
             "[host.'work*'.resources]\npids = 10\n"
             "[host.workbench.resources]\npids = 5\n"
             "[host.'os:linux'.resources]\npids = 50\nfiles = 64\n"
             "[host.'arch:aarch64'.resources]\nfiles = 32\n"
             "[host.elsewhere.resources]\nfiles = 16\n");
  CHECK(world.value("here", "resources.pids") == "5");
  CHECK(world.value("here", "resources.files") == "64");
  const auto resolved = world.resolve("here");
  CHECK(resolved->root.find("resources.pids")->layer == "here [host.workbench]");
}

TEST_CASE("profile: of two overrides the one that says more of the name wins", "[profile][error]") {
  World world;
  world.user("here",
             "[host.'*'.resources]\npids = 100\n"
             "[host.'work*'.resources]\npids = 10\n"
             "[host.'*bench'.resources]\npids = 5\n");
  CHECK(world.value("here", "resources.pids") == "5");
  // Host names are the same in any case.
  world.context.hostname = "WorkBench";
  CHECK(world.value("here", "resources.pids") == "5");
  world.user("alike",
             "[host.'*'.resources]\npids = 10\nfiles = 64\n"
             "[host.'?*'.resources]\npids = 5\nfiles = 64\n");
  CHECK(world.problem("alike") ==
        "USER/alike.toml:6:1: error[P0115]: 'pids' is set by two overrides that match this machine "
        "alike: '*' and '?*'\n"
        "  6 | pids = 5\n"
        "    | ^^^^\n"
        "  the other is at USER/alike.toml:3:1\n"
        "  hint: spell out more of the name in the one that should win\n");
  world.context.hostname = "";
  CHECK(world.value("alike", "resources.pids") == "10");
}

TEST_CASE("profile: variables come from a closed list", "[profile]") {
  const World world;
  world.user("vars",
             "workspace.root = '${cwd}'\n"
             "process.env = { N = '${name}', U = '${user}/${uid}/${gid}', H = '${hostname}', "
             "W = '${workspace}/x', HOME_OUTSIDE = '${home}', L = '$${name} $5' }");
  const std::string ids =
      std::to_string(world.context.uid) + "/" + std::to_string(world.context.gid);
  CHECK(world.value("vars", "process.env") ==
        "{\"H\":\"workbench\",\"HOME_OUTSIDE\":\"HOME\",\"L\":\"${name} $5\",\"N\":\"box\","
        "\"U\":\"tester/" +
            ids + "\",\"W\":\"PROJECT/x\"}");
}

TEST_CASE("profile: what a variable brings in is not expanded again", "[profile]") {
  World world;
  world.context.user = "${home}";
  world.user("once", "process.env = { U = '${user}' }");
  CHECK(world.value("once", "process.env.U") == "\"${home}\"");
}

TEST_CASE("profile: mounts are keyed by target and filled in", "[profile]") {
  const World world;
  std::filesystem::create_directories(world.context.home / "data");
  world.user("parent",
             "[[mounts]]\nsource = '${home}/data'\ntarget = '/data/'\nmode = 'rw'\n"
             "[[mounts]]\ntarget = '/scratch'\ntype = 'tmpfs'\nsize = '64MiB'\n");
  world.user("child", "extends = ['parent']\n[[mounts]]\ntarget = '/data'\nmode = 'ro'\n");
  CHECK(world.value("child", "mounts") ==
        "[{\"exec\":true,\"mode\":\"ro\",\"source\":\"HOME/data\",\"target\":\"/data\","
        "\"type\":\"bind\"},{\"exec\":true,\"mode\":\"rw\",\"size\":67108864,"
        "\"target\":\"/scratch\",\"type\":\"tmpfs\"}]");
}

TEST_CASE("profile: --set narrows and is a layer of its own", "[profile]") {
  const World world;
  CHECK(world.value("quickstart", "resources.memory", {"resources.memory=1GiB"}) == "\"1GiB\"");
  CHECK(world.value("quickstart", "resources.cpus", {"resources.cpus=1.5"}) == "1.5");
  CHECK(world.value("quickstart", "process.command", {"process.command=ls,-l"}) ==
        "[\"ls\",\"-l\"]");
  CHECK(world.value("quickstart", "process.command", {"process.command=['a,b']"}) == "[\"a,b\"]");
  CHECK(world.value("quickstart", "process.init", {"process.init=false"}) == "false");
  CHECK(world.value("quickstart", "backend.prefer", {"backend.prefer=bubblewrap"}) ==
        "[\"bubblewrap\"]");
  const auto resolved = world.resolve("quickstart", {"workspace.mode=ro"});
  REQUIRE(resolved.has_value());
  CHECK(resolved->layers.back().name == "--set");
  CHECK(resolved->root.find("workspace.mode")->layer == "--set");
}

TEST_CASE("profile: a list names each profile once, the user's own first", "[profile]") {
  const World world;
  world.user("mine", "description = 'my own'");
  world.user("agent", "description = 'my agent'");
  const auto rows = profile::list(world.context);
  REQUIRE(rows.size() == 8);
  CHECK(rows[0].name == "agent");
  CHECK(rows[0].description == "my agent");
  CHECK(rows[0].trust == profile::Trust::kUser);
  CHECK(rows[1].name == "mine");
  CHECK(rows[2].name == "agent-image");
  CHECK(rows[3].name == "base");
  CHECK(rows[2].trust == profile::Trust::kShipped);
}

}  // namespace
}  // namespace paddock::test
