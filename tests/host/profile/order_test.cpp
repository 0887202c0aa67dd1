// The order in which a profile lists its parents decides nothing that has an order of its own, and
// what ships with paddock loosens nothing of the user's.
#include <algorithm>
#include <random>

#include "base/units.hpp"
#include "host/profile/world.hpp"
#include "profile/merge.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

std::string extending(std::vector<std::string> parents, const std::string& rest = {}) {
  std::string list;
  for (const std::string& parent : parents) {
    list += (list.empty() ? "'" : ", '") + parent + "'";
  }
  return "extends = [" + list + "]\n" + rest;
}

// The value in both orders of two parents; the two must agree.
std::string either_way(const World& world, const std::string& path) {
  const std::string one = world.value(world.user("one", extending({"left", "right"})), path);
  CHECK(world.value(world.user("two", extending({"right", "left"})), path) == one);
  return one;
}

TEST_CASE("order: a value that a sibling's stricter one outlives stays beaten", "[profile]") {
  const World world;
  world.user("right", "resources.memory = '1GiB'");
  world.user("a", "resources.memory = '4GiB'");
  world.user("left", "extends = ['a']\nresources.memory = '2GiB'");
  CHECK(either_way(world, "resources.memory") == "\"1GiB\"");
}

TEST_CASE("order: two parents' mounts of one target meet at the stricter", "[profile]") {
  const World world;
  std::filesystem::create_directories(world.context.home / "data");
  const std::string mount = "[[mounts]]\nsource = '${home}/data'\ntarget = '/data'\n";
  world.user("left", mount);  // read-only, without saying so
  world.user("right", mount + "mode = 'rw'\n");
  const std::string mounts = either_way(world, "mounts");
  CHECK(mounts.find("\"mode\":\"ro\"") != std::string::npos);
  // The control: alone, the second is writable.
  CHECK(world.value("right", "mounts").find("\"mode\":\"rw\"") != std::string::npos);
}

TEST_CASE("order: parents that cannot meet are told apart by who extends them",
          "[profile][error]") {
  const World world;
  world.user("left", "process.uid = 1001");
  world.user("right", "process.uid = 1002");
  CHECK(world.problem(world.user("both", extending({"left", "right"}))) ==
        "USER/right.toml:2:15: error[P0114]: two parents of this profile disagree on "
        "'process.uid': 1001 and 1002\n"
        "  2 | process.uid = 1002\n"
        "    |               ^^^^\n"
        "  the other is USER/left.toml:2:15: process.uid = 1001\n"
        "  hint: say it in the profile that extends them, if that is yours\n");
  CHECK(world.problem(world.user("back", extending({"right", "left"}))) == world.problem("both"));
  CHECK(world.value(world.user("own", extending({"left", "right"}, "process.uid = 1003")),
                    "process.uid") == "1003");
}

TEST_CASE("order: of values without an order the later parent's holds", "[profile]") {
  const World world;
  world.user("left", "process.hostname = 'left'");
  world.user("right", "process.hostname = 'right'");
  world.user("one", extending({"left", "right"}));
  CHECK(world.value("one", "process.hostname") == "\"right\"");
}

TEST_CASE("order: a shipped profile loosens nothing of the user's own", "[profile]") {
  const World world;
  CHECK(world.value("agent", "resources.pids") == "1024");
  world.user("quickstart",
             "workspace.root = '${cwd}'\nresources = { memory = '64MiB', pids = 16 }\n");
  CHECK(world.value("agent", "resources.memory") == "\"64MiB\"");
  CHECK(world.value("agent", "resources.pids") == "16");
  // What it tightens still counts.
  CHECK(world.value("agent", "process.umask") == "\"0027\"");
}

// A file of the user's with random values, some of which widen.
std::string random_profile(std::mt19937& random, const std::vector<std::string>& parents) {
  const auto pick = [&](const std::vector<std::string>& of) { return of[random() % of.size()]; };
  std::string text = extending(parents);
  const auto add = [&](const std::string& key, const std::vector<std::string>& values) {
    if (random() % 3 == 0) {
      text += key + " = " + pick(values) + "\n";
    }
  };
  add("workspace.root", {"'/w'", "'/w/a'", "'/w/a/b'"});
  add("workspace.mode", {"'ro'", "'rw'"});
  add("network.mode", {"'none'", "'isolated'", "'bridge'"});
  add("backend.isolation", {"'vm'", "'user-kernel'"});
  add("backend.prefer", {"['bubblewrap', 'baseline']", "['bubblewrap']"});
  add("process.uid", {"1000", "1000", "1001"});
  add("process.umask", {"'0027'", "'0072'", "'0000'"});
  add("resources.memory", {"'1GiB'", "'1GB'", "'64GiB'"});
  add("resources.pids", {"10", "20", "9999"});
  add("resources.best_effort", {"[]", "['memory']", "['disk', 'cpus']"});
  add("hardener.baseline.keep", {"['CAP_CHOWN']", "['CAP_KILL', 'CAP_CHOWN']"});
  add("hardener.baseline.hidden_paths", {"['/srv']", "['/opt', '/srv']"});
  add("hardener.baseline.nofile", {"64", "128"});
  if (random() % 4 == 0) {
    text += "[[mounts]]\ntarget = '/m'\nsource = " + pick({"'/srv/a'", "'/srv/a'", "'/srv/b'"}) +
            "\n" + pick({"", "mode = 'rw'\n"}) + pick({"", "exec = false\n"});
  }
  return text;
}

// Lists as sets, sizes as bytes: what a value means, not how it is spelled.
std::string meaning(const Node& node) {
  std::vector<std::string> parts;
  if (const auto* items = node.array()) {
    for (const Node& item : *items) {
      parts.push_back(meaning(item));
    }
    std::sort(parts.begin(), parts.end());
  } else if (const auto* table = node.table()) {
    for (const auto& [key, value] : *table) {
      parts.push_back(key + "=" + meaning(value));
    }
  } else {
    const auto size = node.text() == nullptr ? std::nullopt : parse_size(*node.text());
    return size ? std::to_string(*size) : to_json(node);
  }
  std::string out = "{";
  for (const std::string& part : parts) {
    out += part + ";";
  }
  return out + "}";
}

std::string outcome(const World& world, const std::string& name) {
  profile::Request request;
  request.profile = name;
  request.sandbox_name = "box";
  request.check_paths = false;
  const auto resolved = profile::resolve(request, world.context);
  return resolved ? meaning(resolved->root) : "refused";
}

TEST_CASE("order: any order of parents gives one profile", "[profile][property]") {
  const World world;
  std::mt19937 random(20240612);
  int refused = 0;
  int accepted = 0;
  for (int i = 0; i < 150; ++i) {
    std::vector<std::string> parents = {"pa", "pb", "pc", "pd"};
    world.user("pa", random_profile(random, {}));
    world.user("pb", random_profile(random, random() % 2 == 0 ? std::vector<std::string>{"pa"}
                                                              : std::vector<std::string>{}));
    world.user("pc", random_profile(random, {}));
    world.user("pd", random_profile(random, random() % 2 == 0 ? std::vector<std::string>{"pc", "pa"}
                                                              : std::vector<std::string>{"pb"}));
    const std::string own = random_profile(random, {});
    const std::string rest = own.substr(own.find('\n') + 1);
    world.user("child", extending(parents, rest));
    const std::string first = outcome(world, "child");
    (first == "refused" ? refused : accepted) += 1;
    while (std::next_permutation(parents.begin(), parents.end())) {
      world.user("child", extending(parents, rest));
      if (const std::string other = outcome(world, "child"); other != first) {
        FAIL("stack " << i << ": " << first << "\n" << other);
      }
    }
  }
  CHECK(accepted > 10);
  CHECK(refused > 3);
}

}  // namespace
}  // namespace paddock::test
