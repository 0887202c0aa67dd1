// What the question of `paddock profile approve` shows is what the loader refuses: the same list.
#include <filesystem>

#include "base/render.hpp"
#include "host/profile/world.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

// What approval would grant `file`, and what it is refused, each rendered.
struct Sides {
  std::string gains;
  std::string refusal;
};

Sides sides_of(const World& world, const std::string& file) {
  Sides sides;
  profile::Request request;
  request.profile = file;
  const auto approval = profile::prepare_approval(request, world.context);
  if (!approval) {
    return {render(approval.error()), "no approval"};
  }
  for (const Error& gain : approval->gains) {
    sides.gains += gain.what + "\n";
  }
  const auto resolved = world.resolve(file);
  if (!resolved) {
    sides.refusal = resolved.error().what + "\n";
    for (const Error& other : resolved.error().others) {
      sides.refusal += other.what + "\n";
    }
  }
  return {world.tidy(sides.gains), world.tidy(sides.refusal)};
}

struct PluggedWorld : World {
  PluggedWorld() {
    OptionSpec level;
    level.key = "level";
    level.type = OptionType::kInteger;
    level.narrowing = Narrowing::kLess;
    level.default_value = Node(std::int64_t{3});
    context.plugin_options["extra"] = {level};
    context.known_plugins.push_back("extra");
    std::filesystem::create_directories(context.home / "data");
    std::filesystem::create_directories(context.cwd / "x");
    user("mine", "extends = ['quickstart']");
  }
};

TEST_CASE("approve: every kind of refusal is what the question shows", "[profile][trust]") {
  const PluggedWorld world;
  const std::string foreign = "a profile that is not yours ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"resources.pids = 5000", "'resources.pids' = 5000 loosens 4096\n"},
      {"network.mode = 'bridge'", "'network.mode' = \"bridge\" loosens \"none\"\n"},
      {"process.uid = 1000", foreign + "sets 'process.uid', which no profile below it does\n"},
      {"process.gid = 1000", foreign + "sets 'process.gid', which no profile below it does\n"},
      {"image.reference = 'evil'",
       foreign + "sets 'image.reference', which no profile below it does\n"},
      {"backend.prefer = ['bubblewrap']",
       foreign + "names backends, which no profile below it does\n"},
      {"backend.isolation = 'shared-kernel'", ""},
      {"workspace.root = '${home}/data'", foreign + "takes a workspace outside its own folder: "
                                                    "'HOME/data'\n"},
      {"process.env.HOME = '/tmp'", foreign + "sets the environment variable 'HOME'\n"},
      {"process.env.LD_PRELOAD = '/x'", foreign + "sets the environment variable 'LD_PRELOAD'\n"},
      {"process.env.XDG_DATA_HOME = '/x'",
       foreign + "sets the environment variable 'XDG_DATA_HOME'\n"},
      {"resolve.'/process/umask' = 'baseline'", foreign + "settles a conflict of plugins\n"},
      {"hardener.extra.level = 2",
       foreign + "names the plugin 'extra', which no profile below it does\n"},
      {"hardener.baseline.keep = ['CAP_CHOWN']",
       "'hardener.baseline.keep' = [\"CAP_CHOWN\"] loosens []\n"},
      {"[[hooks]]\nid = 'extra'\nphase = 'before-launch'", foreign + "asks for the hook 'extra'\n"},
      {"[[mounts]]\nsource = '${home}/data'\ntarget = '/data'",
       foreign + "mounts something at '/data'\n"},
      {"[host.'*']\nresources.pids = 5000", "'resources.pids' = 5000 loosens 4096\n"},
      {"resources.pids = 4000", ""},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    const Sides sides = sides_of(world, world.project("repo", text));
    CHECK(sides.gains == expected);
    CHECK(sides.refusal == expected);
  }
}

TEST_CASE("approve: what a parent settled is shown too", "[profile][trust]") {
  const PluggedWorld world;
  world.shipped("below",
                "workspace = { root = '${cwd}', folders = { x = 'ro' } }\n"
                "backend.prefer = ['bubblewrap']\nimage.reference = 'good'\n"
                "[[mounts]]\nsource = '/srv'\ntarget = '/data'\n"
                "[[hooks]]\nid = 'extra'\nphase = 'after-stop'\nlevel = 2\n");
  std::filesystem::create_directories(world.context.cwd / "y");
  for (const std::string text :
       {"workspace.folders.x = 'rw'", "workspace.folders.y = 'ro'", "workspace.root = '${cwd}/x'",
        "backend.prefer = ['baseline']", "image.reference = 'evil'",
        "[[mounts]]\nsource = '/opt'\ntarget = '/data'",
        "[[mounts]]\ntarget = '/data'\nmode = 'rw'",
        "[[hooks]]\nid = 'extra'\nphase = 'after-stop'\nlevel = 3"}) {
    INFO(text);
    const Sides sides = sides_of(world, world.project("repo", "extends = ['below']\n" + text));
    CHECK_FALSE(sides.gains.empty());
    CHECK_FALSE(sides.refusal.empty());
  }
  CHECK(sides_of(world, world.project("repo", "extends = ['below']")).gains.empty());
}

TEST_CASE("approve: a mount is shown in full", "[profile][trust]") {
  const PluggedWorld world;
  profile::Request request;
  request.profile =
      world.project("repo", "[[mounts]]\ntarget = '/data'\nsource = '${home}/data'\nmode = 'rw'\n");
  const auto approval = profile::prepare_approval(request, world.context);
  REQUIRE(approval.has_value());
  REQUIRE(approval->gains.size() == 1);
  REQUIRE(approval->gains.front().context.size() == 1);
  CHECK(world.tidy(approval->gains.front().context.front()) ==
        "in full: {\"mode\":\"rw\",\"source\":\"HOME/data\",\"target\":\"/data\"}");
}

TEST_CASE("approve: a hundred small wishes hide no other", "[profile][trust]") {
  const PluggedWorld world;
  std::string text = "[process.env]\n";
  for (int i = 0; i < 150; ++i) {
    text += "LD_" + std::to_string(i) + " = 'x'\n";
  }
  const Sides sides = sides_of(world, world.project("repo", text + "[network]\nmode = 'bridge'\n"));
  CHECK(sides.gains.find("'network.mode' = \"bridge\" loosens \"none\"") != std::string::npos);
}

TEST_CASE("approve: a link out of the workspace is refused with and without", "[profile][trust]") {
  const PluggedWorld world;
  std::filesystem::create_symlink(world.context.home / "data", world.context.cwd / "link");
  const std::string file =
      world.project("repo",
                    "extends = ['quickstart']\nresources.pids = 5000\n"
                    "[[mounts]]\nsource = '${workspace}/link'\ntarget = '/workspace/link'\n");
  profile::Request request;
  request.profile = file;
  const auto approval = profile::prepare_approval(request, world.context);
  REQUIRE_FALSE(approval.has_value());
  CHECK(world.tidy(approval.error().what) ==
        "the source of '/workspace/link' is not that part of the workspace, but 'HOME/data'");
}

TEST_CASE("approve: a stranger inherits no powers of the user's own unasked",
          "[profile][trust][error]") {
  const PluggedWorld world;
  const std::string file = world.project("repo", "extends = ['dev']\n");
  const std::vector<std::string> powers = {
      "[[mounts]]\nsource = '${home}/data'\ntarget = '/data'\nmode = 'rw'",
      "[[hooks]]\nid = 'extra'\nphase = 'before-launch'",
      "process.env.TOKEN = 'secret'",
      "hardener.extra.level = 1",
      "resources.pids = 9999",
      "workspace.root = '${home}/data'",
  };
  for (const std::string& text : powers) {
    INFO(text);
    world.user("dev", text);
    CHECK(world.problem("dev").empty());
    const Sides sides = sides_of(world, file);
    CHECK(sides.gains == "a profile that is not yours takes over what 'dev' grants\n");
    CHECK(sides.refusal == sides.gains);
    CHECK(world.problem(file).find("secret") == std::string::npos);
    // The user's own may build on it, also by way of another.
    CHECK(world.problem(world.user("own", "extends = ['dev']")).empty());
    CHECK_FALSE(world.problem(world.project("far", "extends = ['own']")).empty());
  }
  world.user("dev", "extends = ['quickstart']\nresources.pids = 99\nprocess.uid = 1000");
  CHECK(world.problem(file).empty());
  world.user("dev", powers.front());
  CHECK(world.problem(file) ==
        "./repo.toml:2:12: error[P0132]: a profile that is not yours takes over what 'dev' grants\n"
        "  2 | extends = ['dev']\n"
        "    |            ^^^^^\n"
        "  USER/dev.toml:4:10: mounts something at '/data'\n"
        "  hint: look at it, then: paddock profile approve './repo.toml'\n");
}

TEST_CASE("approve: nobody's profile goes by the name of another", "[profile][trust][error]") {
  const PluggedWorld world;
  CHECK(world.problem(world.project("repo", "name = 'quickstart'")) ==
        "./repo.toml:2:8: error[P0132]: a profile that is not yours is named 'quickstart', as one "
        "that ships with paddock\n"
        "  2 | name = 'quickstart'\n"
        "    |        ^^^^^^^^^^^^\n"
        "  hint: give it another: name = \"...\"\n");
  CHECK(world.problem(world.project("mine", "")) ==
        "./mine.toml: error[P0132]: a profile that is not yours is named 'mine', as one of yours\n"
        "  hint: give it another: name = \"...\"\n");
  CHECK(world.problem(world.project("mine", "name = 'theirs'")).empty());
}

}  // namespace
}  // namespace paddock::test
