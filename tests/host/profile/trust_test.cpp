// Whose word counts: widening by trust, with both places, and what a repository may never ask for.
#include <sys/stat.h>

#include <thread>

#include "base/render.hpp"
#include "host/profile/world.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

TEST_CASE("trust: widening shows both lines", "[profile][trust][error]") {
  const World world;
  const std::string file = world.project("repo", "extends = ['offline']\n[resources]\npids = 4096");
  CHECK(world.problem(file) ==
        "./repo.toml:4:8: error[P0131]: 'resources.pids' = 4096 loosens 512\n"
        "  4 | pids = 4096\n"
        "    |        ^^^^\n"
        "  fixed by SHIPPED/offline.toml:30:8: pids = 512\n"
        "  hint: 'resources.pids' may only get smaller here; to allow it: paddock profile approve "
        "'./repo.toml'\n");
}

TEST_CASE("trust: one's own profile may widen, and it is written down", "[profile][trust]") {
  const World world;
  world.user("mine", "extends = ['offline']\nresources.pids = 4096");
  const auto resolved = world.resolve("mine");
  REQUIRE(resolved.has_value());
  CHECK(*resolved->root.find("resources.pids")->integer() == 4096);
  REQUIRE(resolved->widenings.size() == 1);
  CHECK(world.tidy(resolved->widenings.front()) ==
        "USER/mine.toml:3:18: 'resources.pids' = 4096 loosens 512 of SHIPPED/offline.toml:30:8");
}

TEST_CASE("trust: --set never widens, whoever says it", "[profile][trust][error]") {
  const World world;
  CHECK(world.problem("offline", {"workspace.mode=rw"}) ==
        "--set:1:16: error[P0131]: 'workspace.mode' = \"rw\" loosens \"ro\"\n"
        "  1 | workspace.mode=rw\n"
        "    |                ^^\n"
        "  fixed by SHIPPED/offline.toml:20:8: mode = \"ro\"\n"
        "  hint: 'workspace.mode' may only get stricter on the command line; a profile of your own "
        "may widen\n");
  for (const char* set :
       {"network.mode=bridge", "resources.memory=64GiB", "process.umask=0000", "process.uid=1",
        "hardener.baseline.keep=CAP_SYS_ADMIN", "hardener.baseline.masked_paths=/proc/kcore",
        "resources.best_effort=disk", "workspace.root=/srv", "workspace.folders.x=rw",
        "image.reference=evil"}) {
    INFO(set);
    const auto resolved = world.resolve("offline", {set});
    REQUIRE_FALSE(resolved.has_value());
    CHECK(resolved.error().code == ErrorCode::kWidening);
  }
}

TEST_CASE("trust: every rule refuses its kind of loosening to a repository",
          "[profile][trust][error]") {
  const World world;
  world.user("fixed",
             "backend = { prefer = ['bubblewrap'], isolation = 'user-kernel' }\n"
             "process = { uid = 1000, gid = 1000, umask = '0027' }\n"
             "workspace = { root = '${cwd}', mode = 'ro' }\n"
             "resources = { cpus = 2, files = 100, disk = '1GiB', best_effort = ['cpus'] }\n"
             "hardener.baseline = { hidden_paths = ['/srv'], core = 0 }\n");
  for (const char* line :
       {"backend.prefer = ['docker']", "backend.isolation = 'shared-kernel'", "process.uid = 1001",
        "process.gid = 1", "process.umask = '0022'", "workspace.mode = 'rw'",
        "workspace.root = '/srv'", "workspace.folders.x = 'rw'", "resources.cpus = 2.001",
        "resources.files = 101", "resources.disk = '1025MiB'", "resources.best_effort = ['memory']",
        "hardener.baseline.keep = ['CAP_SYS_ADMIN']", "hardener.baseline.hidden_paths = []",
        "hardener.baseline.core = 1", "network.mode = 'isolated'"}) {
    INFO(line);
    std::filesystem::create_directories(world.context.cwd / "x");
    const auto resolved =
        world.resolve(world.project("repo", std::string("extends = ['fixed']\n") + line));
    REQUIRE_FALSE(resolved.has_value());
    CHECK(resolved.error().code == ErrorCode::kWidening);
    CHECK(resolved.error().context.size() == 1);
    // The same line in the user's own profile is his to write.
    if (std::string(line).find("docker") == std::string::npos &&
        std::string(line).find("/srv'") == std::string::npos) {
      CHECK(world.problem(world.user("own", std::string("extends = ['fixed']\n") + line)).empty());
    }
  }
}

TEST_CASE("trust: a repository may tighten and set what grants nothing", "[profile][trust]") {
  const World world;
  const std::string file = world.project(
      "repo",
      "extends = ['quickstart']\ndescription = 'ours'\n"
      "process = { command = ['make'], cwd = '/workspace/src', umask = '0077', init = false, "
      "env = { CC = 'clang' } }\n"
      "workspace.mode = 'ro'\n"
      "resources = { memory = '1GiB', pids = 64, best_effort = [] }\n"
      "hardener.baseline = { nofile = 64, hidden_paths = ['/srv'] }\n");
  CHECK(world.problem(file).empty());
  CHECK(world.value(file, "workspace.mode") == "\"ro\"");
  CHECK(world.value(file, "resources.best_effort") == "[]");
}

TEST_CASE("trust: a repository asks for no plugin, hook, mount or home (PR09)",
          "[profile][trust][error]") {
  World world;
  world.context.plugin_options["extra"] = {};
  world.context.known_plugins.push_back("extra");
  std::filesystem::create_directories(world.context.home / "data");
  const auto code = [&](const std::string& text) {
    const auto resolved = world.resolve(world.project("repo", "extends = ['quickstart']\n" + text));
    return resolved ? ErrorCode::kInternal : resolved.error().code;
  };
  CHECK(code("[hardener.extra]") == ErrorCode::kUntrusted);
  CHECK(code("[[hooks]]\nid = 'extra'\nphase = 'before-launch'") == ErrorCode::kUntrusted);
  CHECK(code("[[mounts]]\nsource = '${home}/data'\ntarget = '/data'") == ErrorCode::kUntrusted);
  CHECK(code("[[mounts]]\ntype = 'tmpfs'\ntarget = '/data'") == ErrorCode::kUntrusted);
  CHECK(code("backend.prefer = ['bubblewrap']") == ErrorCode::kUntrusted);
  CHECK(code("resolve.'/process/umask' = 'baseline'") == ErrorCode::kUntrusted);
  CHECK(code("process.uid = 1000") == ErrorCode::kUntrusted);
  CHECK(code("image.reference = 'evil'") == ErrorCode::kUntrusted);
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "LD_PRELOAD", "PADDOCK_STATE_DIR"}) {
    INFO(name);
    CHECK(code("process.env." + std::string(name) + " = '/tmp'") == ErrorCode::kUntrusted);
  }
  const std::string file =
      world.project("hook", "[[hooks]]\nid = 'extra'\nphase = 'before-launch'\n");
  CHECK(world.problem(file) ==
        "./hook.toml:3:6: error[P0132]: a profile that is not yours asks for the hook 'extra'\n"
        "  3 | id = 'extra'\n"
        "    |      ^^^^^^^\n"
        "  in full: {\"id\":\"extra\",\"phase\":\"before-launch\"}\n"
        "  hint: look at it, then: paddock profile approve './hook.toml'\n");
}

TEST_CASE("trust: what a repository asks for it gets when it is approved (PR09)",
          "[profile][trust]") {
  World world;
  world.context.plugin_options["extra"] = {};
  world.context.known_plugins.push_back("extra");
  std::filesystem::create_directories(world.context.home / "data");
  const std::string file = world.project(
      "repo",
      "extends = ['quickstart']\nnetwork.mode = 'bridge'\n[hardener.extra]\n[[hooks]]\n"
      "id = 'extra'\nphase = 'before-launch'\n[[mounts]]\nsource = '${home}/data'\n"
      "target = '/data'\nmode = 'rw'\n");
  const auto refused = world.resolve(file);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().others.size() == 3);
  profile::Request request;
  request.profile = file;
  REQUIRE(profile::approve(request, world.context).has_value());
  CHECK(world.problem(file).empty());
  CHECK(world.value(file, "network.mode") == "\"bridge\"");
  // No approval gives what no profile may have, and "privileged" is no key at all.
  world.project("repo", "process.privileged = true\n[[mounts]]\nsource = '/etc'\ntarget = '/x'\n");
  CHECK(world.resolve(file).error().code == ErrorCode::kUnknownKey);
}

TEST_CASE("trust: a dropped entry is told to be repeated, a tmpfs may be written",
          "[profile][trust][error]") {
  const World world;
  const std::string file =
      world.project("repo", "hardener.baseline.read_only_paths = ['/proc/x']\n");
  CHECK(world.resolve(file).error().hints.front() ==
        "'hardener.baseline.read_only_paths' may only gain entries (repeat those below) here; to "
        "allow it: paddock profile approve './repo.toml'");
  world.user("scratch", "[[mounts]]\ntype = 'tmpfs'\ntarget = '/scratch'\n");
  const auto with = [&](const std::string& mode) {
    return world.problem(world.project(
        "repo", "extends = ['scratch']\n[[mounts]]\ntarget = '/scratch'\nmode = '" + mode + "'\n"));
  };
  CHECK(with("rw").empty());
  CHECK(with("ro").empty());
}

TEST_CASE("trust: a repository may shield a part of its workspace", "[profile][trust]") {
  const World world;
  std::filesystem::create_directories(world.context.cwd / ".git");
  const std::string part =
      "extends = ['quickstart']\n[[mounts]]\nsource = '${workspace}/.git'\n"
      "target = '/workspace/.git'\n";
  CHECK(world.problem(world.project("repo", part)).empty());
  CHECK(world.resolve(world.project("repo", part + "mode = 'rw'\n")).error().code ==
        ErrorCode::kUntrusted);
  std::filesystem::remove(world.context.cwd / ".git");
  std::filesystem::create_directories(world.context.home / "keys");
  std::filesystem::create_symlink(world.context.home / "keys", world.context.cwd / ".git");
  CHECK(world.tidy(world.resolve(world.project("repo", part)).error().what) ==
        "the source of '/workspace/.git' is not that part of the workspace, but 'HOME/keys'");
}

TEST_CASE("trust: what is not listed of a workspace stays out of sight",
          "[profile][trust][error]") {
  const World world;
  const auto root = world.context.cwd / "paddock";
  for (const char* folder : {"Projects/real", "private"}) {
    std::filesystem::create_directories(root / folder);
  }
  world.user("mine", "workspace = { root = '${cwd}/paddock', folders = { Projects = 'rw' } }");
  const auto part = [&](const std::string& name) {
    return world.project("repo", "extends = ['mine']\n[[mounts]]\nsource = '${workspace}/" + name +
                                     "'\ntarget = '/workspace/" + name + "'\n");
  };
  CHECK(world.problem(part("Projects/real")).empty());
  CHECK(world.resolve(part("private")).error().code == ErrorCode::kUntrusted);
  // What runs in the sandbox may write Projects, and so plant a link there.
  std::filesystem::create_symlink("../private", root / "Projects/x");
  CHECK(world.problem(part("Projects/x")) ==
        "./repo.toml:4:10: error[P0132]: the source of '/workspace/Projects/x' is not that part of "
        "the workspace, but 'PROJECT/paddock/private'\n"
        "  4 | source = '${workspace}/Projects/x'\n"
        "    |          ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  hint: no link may stand on the way to it\n");
  std::filesystem::create_symlink("real", root / "Projects/y");
  CHECK(world.resolve(part("Projects/y")).error().code == ErrorCode::kUntrusted);
}

TEST_CASE("trust: a repository's root stays in its own folder", "[profile][trust][error]") {
  const World world;
  std::filesystem::create_directories(world.context.cwd / "src");
  std::filesystem::create_directories(world.context.home / "other");
  std::filesystem::create_symlink(world.context.home / "other", world.context.cwd / "link");
  const auto root = [&](const std::string& value) {
    return world.value(world.project("repo", "workspace.root = '" + value + "'"), "workspace.root");
  };
  const auto code = [&](const std::string& value) {
    return world.resolve(world.project("repo", "workspace.root = '" + value + "'")).error().code;
  };
  CHECK(root(".") == "\"PROJECT\"");
  CHECK(root("src") == "\"PROJECT/src\"");
  CHECK(root("${cwd}/src") == "\"PROJECT/src\"");
  CHECK(code("..") == ErrorCode::kForbiddenPath);
  CHECK(code("src/../../other") == ErrorCode::kForbiddenPath);
  CHECK(code("link") == ErrorCode::kForbiddenPath);
  CHECK(code("${home}/other") == ErrorCode::kUntrusted);
}

TEST_CASE("trust: a profile that lies about has no folder of its own", "[profile][trust]") {
  namespace fs = std::filesystem;
  const World world;
  const auto code = [&](const fs::path& folder, const std::string& root) {
    fs::create_directories(folder / "src");
    write_text(folder / "dl.toml", "schema_version = 1\nworkspace.root = '" + root + "'\n");
    const auto resolved = world.resolve((folder / "dl.toml").string());
    return resolved ? std::string("loads") : code_text(resolved.error().code);
  };
  const fs::path& home = world.context.home;
  CHECK(code(home / "repo", "src") == "loads");
  CHECK(code(home / "src/deep/.hidden", "src") == "loads");
  CHECK(code(home, "src") == "P0132");
  CHECK(code(home.parent_path(), "src") == "P0132");
  CHECK(code(home / ".config", "src") == "P0132");
  CHECK(code(home / ".config/deep", ".") == "P0132");
  CHECK(code(home / "Downloads", "src") == "P0132");
  CHECK(code(home / "Downloads/repo", "src") == "loads");
  for (const mode_t mode : {0777, 01755}) {
    const fs::path open = home / "open";
    fs::create_directories(open);
    ::chmod(open.c_str(), mode);
    CHECK(code(open, "src") == "P0132");
    ::chmod(open.c_str(), 0755);
    CHECK(code(open, "src") == "loads");
  }
}

TEST_CASE("trust: approval is bound to the exact content", "[profile][trust]") {
  World world;
  world.user("below", "resources.pids = 64");
  const std::string file = world.project("repo", "extends = ['below']\nresources.pids = 128");
  profile::Request request;
  request.profile = file;
  CHECK(world.resolve(file).error().code == ErrorCode::kWidening);
  const auto approval = profile::prepare_approval(request, world.context);
  REQUIRE(approval.has_value());
  CHECK(approval->gains.size() == 1);
  CHECK(approval->profile.widenings.size() == 1);
  REQUIRE(profile::record_approval(*approval, world.context).has_value());
  CHECK(world.value(file, "resources.pids") == "128");
  CHECK(world.resolve(file)->layers.back().trust == profile::Trust::kApproved);
  // --set still only narrows, another name changes nothing.
  CHECK(world.resolve(file, {"resources.pids=129"}).error().code == ErrorCode::kWidening);
  CHECK(world.value(file, "resources.pids", {"resources.pids=9"}) == "9");

  world.project("repo", "extends = ['below']\nresources.pids = 129");
  CHECK(world.resolve(file).error().code == ErrorCode::kWidening);
  world.project("repo", "extends = ['below']\nresources.pids = 128");
  CHECK(world.resolve(file).has_value());
  world.user("below", "resources.pids = 63");
  CHECK(world.resolve(file).error().code == ErrorCode::kWidening);
  world.user("below", "resources.pids = 64");
  // The same bytes elsewhere are another file.
  const std::string copy = world.project("copy", "extends = ['below']\nresources.pids = 128");
  CHECK(world.resolve(copy).error().code == ErrorCode::kWidening);
  // A file of approvals that others may write is no approval.
  ::chmod(world.context.approvals.c_str(), 0666);
  CHECK(world.resolve(file).error().code == ErrorCode::kWidening);
}

TEST_CASE("trust: approvals that others may write are not written over",
          "[profile][trust][error]") {
  const World world;
  profile::Request request;
  request.profile = world.project("repo", "resources.pids = 5000");
  REQUIRE(profile::approve(request, world.context).has_value());
  const std::string before = read_text(world.context.approvals);
  ::chmod(world.context.approvals.c_str(), 0664);
  request.profile = world.project("other", "resources.pids = 5000");
  const auto refused = profile::approve(request, world.context);
  REQUIRE_FALSE(refused.has_value());
  const std::string file = world.context.approvals.string();
  CHECK(render(refused.error()) == "paddock: error[P0132]: '" + file +
                                       "' can be changed by other users\n"
                                       "  hint: look at it, then: chmod go-w '" +
                                       file + "'\n");
  CHECK(read_text(world.context.approvals) == before);
  ::chmod(world.context.approvals.c_str(), 0600);
  CHECK(profile::approve(request, world.context).has_value());
  CHECK(read_text(world.context.approvals).rfind(before, 0) == 0);
}

TEST_CASE("trust: approvals given at once are all kept", "[profile][trust]") {
  const World world;
  std::vector<std::thread> hands;
  std::vector<std::string> files;
  for (int i = 0; i < 12; ++i) {
    files.push_back(world.project("repo" + std::to_string(i), "resources.pids = 5000"));
  }
  for (const std::string& file : files) {
    hands.emplace_back([&world, &file] {
      profile::Request request;
      request.profile = file;
      (void)profile::approve(request, world.context);
    });
  }
  for (std::thread& hand : hands) {
    hand.join();
  }
  for (const std::string& file : files) {
    CHECK(world.resolve(file).has_value());
  }
}

TEST_CASE("trust: nothing is approved that loads without", "[profile][trust]") {
  const World world;
  profile::Request request;
  request.profile = world.project("repo", "extends = ['quickstart']");
  const auto approval = profile::prepare_approval(request, world.context);
  REQUIRE(approval.has_value());
  CHECK(approval->gains.empty());
}

TEST_CASE("trust: a profile of one's own that others may write is refused",
          "[profile][trust][error]") {
  const World world;
  world.user("open", "resources.pids = 8");
  ::chmod((world.context.user_dir / "open.toml").c_str(), 0666);
  CHECK(world.problem("open") ==
        "paddock: error[P0132]: 'USER/open.toml' can be changed by every user\n"
        "  hint: chmod go-w 'USER/open.toml', after a look at it\n");
  ::chmod((world.context.user_dir / "open.toml").c_str(), 0664);
  CHECK(world.problem("open") ==
        "paddock: error[P0132]: 'USER/open.toml' can be changed by its group\n"
        "  hint: chmod go-w 'USER/open.toml', after a look at it\n");
  ::chmod((world.context.user_dir / "open.toml").c_str(), 0644);
  CHECK(world.problem("open").empty());
  // Who may write the folder may put another file in its place.
  for (const mode_t mode : {0777, 0775, 01777}) {
    ::chmod(world.context.user_dir.c_str(), mode);
    CHECK(world.resolve("open").error().code == ErrorCode::kUntrusted);
  }
  CHECK(world.problem("open") ==
        "paddock: error[P0132]: 'USER' can be changed by every user\n"
        "  hint: chmod go-w 'USER', after a look at it\n");
  ::chmod(world.context.user_dir.c_str(), 0755);
}

TEST_CASE("trust: nobody's file takes the place of base", "[profile][trust]") {
  const World world;
  world.user("base", "network.mode = 'bridge'");
  CHECK(world.value("quickstart", "network.mode") == "\"none\"");
}

}  // namespace
}  // namespace paddock::test
