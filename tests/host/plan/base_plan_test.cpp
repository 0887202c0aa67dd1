// Step 4: what a profile alone says, where each leaf came from, and every error at once.
#include <algorithm>

#include "host/plan/sample.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace paddock;
using test::draft_of;
using test::facts;
using test::merged;
using test::profile_of;
using test::text_of;
using test::wish;

TEST_CASE("base plan: an empty profile has no network, no host folder and no inherited environment",
          "[plan]") {
  const plan::Draft draft = draft_of("");
  CHECK(draft.plan.name == "web-1");
  CHECK(draft.plan.profile == "web");
  CHECK(draft.plan.network.mode == contract::NetworkMode::kNone);
  CHECK(draft.plan.process.cwd == "/home/sandbox");
  CHECK(draft.plan.process.environment ==
        std::map<std::string, std::string>{{"HOME", "/home/sandbox"},
                                           {"LANG", "C.UTF-8"},
                                           {"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                           {"USER", "sandbox"}});
  for (const auto& [target, mount] : draft.plan.mounts) {
    CHECK(mount.type == contract::MountType::kTmpfs);
  }
  CHECK(draft.plan.mounts.size() == 3);
  CHECK(draft.plan.security.hidden_paths == std::vector<std::string>{"/home/ada"});
  CHECK(std::is_sorted(draft.plan.security.capabilities.begin(),
                       draft.plan.security.capabilities.end()));
  CHECK(draft.plan.security.capabilities.size() == 41);
}

TEST_CASE("base plan: the protections that always hold are required of an empty profile",
          "[plan]") {
  CHECK(draft_of("").required ==
        std::vector<std::string>{"capabilities", "descriptors.closed", "devices.minimal",
                                 "host-paths.hidden", "isolation", "mounts.declared-only",
                                 "mounts.writable", "namespaces", "network.none", "process.cwd",
                                 "process.session", "process.start", "process.umask", "rootfs.host",
                                 "user"});
}

TEST_CASE("base plan: every leaf has an origin, built-in or with the profile's line", "[plan]") {
  const plan::Draft draft =
      draft_of("[process]\nhostname = \"box\"\nenv = { TOKEN = \"s3cret\" }\n");
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    INFO(leaf.pointer);
    CHECK(draft.origins.at(leaf.pointer).size() == 1);
  }
  const plan::Origin& hostname = draft.origins.at("/process/hostname").front();
  CHECK(hostname.owner == "profile");
  CHECK(hostname.where.file == "web.toml");
  CHECK(hostname.where.line == 2);
  CHECK(hostname.value == "\"box\"");
  CHECK(draft.origins.at("/process/umask").front().owner == "paddock");
  CHECK(draft.origins.at("/process/environment/TOKEN").front().value == "\"(not shown)\"");
}

TEST_CASE("base plan: what lower layers said stands below the winner, in the leaf's terms",
          "[plan]") {
  auto profile = profile_of(
      "resources = { memory = \"2GiB\", cpus = 1 }\n"
      "[[mounts]]\ntarget = \"/data\"\nsource = \"/srv\"\nmode = \"ro\"\n");
  const auto said = [&](const char* path, Node::Value value, std::uint32_t line) {
    profile.root.find(path)->lower.emplace_back(std::move(value),
                                                SourcePos{"base.toml", line, 1, 1});
  };
  said("resources.memory", std::string("4GiB"), 4);
  said("resources.cpus", 1.5, 5);
  Node& mount = std::get<Node::Array>(profile.root.find("mounts")->value).front();
  mount.find("mode")->lower.emplace_back(std::string("rw"), SourcePos{"base.toml", 6, 1, 1});
  const auto draft = plan::base_plan(profile, facts());
  REQUIRE(draft.has_value());
  const auto lower = [&](const char* pointer) {
    const auto& origins = draft->origins.at(pointer);
    REQUIRE(origins.size() == 2);
    CHECK(origins[1].where.file == "base.toml");
    return origins[1].value;
  };
  CHECK(lower("/resources/memory_bytes") == "4294967296");
  CHECK(lower("/resources/cpus_milli") == "1500");
  CHECK(lower("/mounts/~1data").find("\"read_only\":false") != std::string::npos);
  // A hardener's narrower wish is one more above them, and owns the leaf alone.
  const plan::Draft narrowed =
      merged(*draft, {wish("strict", "/resources/memory_bytes", "1073741824", 7)});
  const auto& origins = narrowed.origins.at("/resources/memory_bytes");
  REQUIRE(origins.size() == 3);
  CHECK(origins[0].owner == "strict");
  CHECK(origins[1].value == "2147483648");
  CHECK(origins[2].value == "4294967296");
}

TEST_CASE("base plan: hooks and widenings of the profile are kept", "[plan]") {
  auto profile = profile_of("[[hooks]]\nid = \"note\"\nphase = \"after-stop\"\nlevel = 2\n");
  profile.widenings = {"a widening"};
  const auto draft = plan::base_plan(profile, facts());
  REQUIRE(draft.has_value());
  CHECK(draft->widenings == profile.widenings);
  REQUIRE(draft->hooks.size() == 1);
  CHECK(draft->hooks.front().id == "note");
  CHECK(draft->hooks.front().phase == "after-stop");
  CHECK(draft->hooks.front().options == "{\"level\":2}");
  CHECK(draft->hooks.front().origin.where.line == 1);
}

TEST_CASE("base plan: the command is the caller's, else the profile's, else a shell", "[plan]") {
  const auto profile = profile_of("[process]\ncommand = [\"npm\", \"test\"]\n");
  plan::LaunchFacts none = facts();
  none.command.clear();
  CHECK(plan::base_plan(profile, facts())->plan.process.command ==
        std::vector<std::string>{"make"});
  CHECK(plan::base_plan(profile, none)->plan.process.command ==
        std::vector<std::string>{"npm", "test"});
  CHECK(plan::base_plan(profile_of(""), none)->plan.process.command ==
        std::vector<std::string>{"/bin/sh"});
}

TEST_CASE("base plan: ids are the caller's, 1000 for root, or the profile's", "[plan]") {
  plan::LaunchFacts root = facts();
  root.uid = root.gid = 0;
  CHECK(plan::base_plan(profile_of(""), root)->plan.process.user.uid == 1000);
  CHECK(plan::base_plan(profile_of(""), root)->plan.process.user.gid == 1000);
  const auto profile = profile_of("process.uid = 4242\n");
  CHECK(plan::base_plan(profile, root)->plan.process.user.uid == 4242);
  CHECK(text_of(plan::base_plan(profile_of("process.uid = 0\n"), root)) ==
        "web.toml:1:15: error[P0114]: 'process.uid' is 0, and a sandbox never runs as root\n"
        "  hint: leave it out, or name an id from 1 on\n");
}

TEST_CASE("base plan: TERM is set for terminals only, and only to a plain name", "[plan]") {
  plan::LaunchFacts terminal = facts();
  terminal.terminal = true;
  terminal.term = "xterm-256color";
  const auto environment = [&] {
    return plan::base_plan(profile_of(""), terminal)->plan.process.environment;
  };
  CHECK(environment().at("TERM") == "xterm-256color");
  terminal.term = "x\033[31m";
  CHECK(environment().at("TERM") == "dumb");
  terminal.terminal = false;
  CHECK(environment().count("TERM") == 0);
}

TEST_CASE("base plan: the workspace is one mount, or one a folder", "[plan]") {
  const test::TempDir dir;
  std::filesystem::create_directories(dir / "imports");
  std::filesystem::create_directories(dir / "exports");
  const std::string root = "[workspace]\nroot = \"" + dir.path().string() + "\"\n";
  const plan::Draft whole = draft_of(root + "mode = \"ro\"\n");
  CHECK(whole.plan.mounts.at("/workspace").source == dir.path().string());
  CHECK(whole.plan.mounts.at("/workspace").read_only);
  CHECK(whole.plan.process.cwd == "/workspace");

  const plan::Draft folders =
      draft_of(root + "[workspace.folders]\nimports = \"ro\"\nexports = \"rw\"\n");
  CHECK(folders.plan.mounts.count("/workspace") == 0);
  CHECK(folders.plan.mounts.at("/workspace/imports").read_only);
  CHECK_FALSE(folders.plan.mounts.at("/workspace/exports").read_only);
  CHECK(folders.plan.mounts.at("/workspace/exports").purpose == "workspace");
  CHECK(folders.origins.at("/mounts/~1workspace~1exports").front().where.line == 5);
}

TEST_CASE("base plan: declared mounts keep their mode, exec and size", "[plan]") {
  const plan::Draft draft = draft_of(
      "[[mounts]]\ntarget = \"/opt/sdk\"\nsource = \"/srv\"\nexec = false\n"
      "[[mounts]]\ntarget = \"/tmp\"\ntype = \"tmpfs\"\nsize = \"16MiB\"\n");
  const contract::Mount& sdk = draft.plan.mounts.at("/opt/sdk");
  CHECK(sdk.source == "/srv");
  CHECK(sdk.read_only);
  CHECK_FALSE(sdk.executable);
  CHECK(draft.plan.mounts.at("/tmp").size_bytes == 16u << 20);
  CHECK_FALSE(draft.plan.mounts.at("/tmp").read_only);
}

TEST_CASE("base plan: limits above the machine's are clamped, and it is said", "[plan]") {
  const plan::Draft draft = draft_of(
      "[resources]\nmemory = \"64GiB\"\ncpus = 4\npids = 100\nfiles = 1000000\ndisk = \"1TiB\"\n");
  CHECK(draft.plan.resources.memory_bytes == std::uint64_t{8} << 30);
  CHECK(draft.plan.resources.cpus_milli == 2000u);
  CHECK(draft.plan.resources.pids == 100u);
  CHECK(draft.plan.security.rlimits.at("nofile") == 4096);
  CHECK(draft.notices ==
        std::vector<std::string>{
            "resources.memory 64GiB is more than this machine has: 8GiB, using 8GiB",
            "resources.disk 1TiB is more than this machine has: 8GiB, using 8GiB",
            "resources.cpus 4 is more than this machine has: 2, using 2",
            "resources.files 1000000 is more than this machine has: 4096, using 4096"});
}

TEST_CASE("base plan: fewer CPUs than the kernel can limit to are an error", "[plan][error]") {
  for (const char* cpus : {"0.001", "0.0099", "0", "-1.0", "nan"}) {
    CAPTURE(cpus);
    const auto profile = test::profile_of("resources.cpus = " + std::string(cpus) + "\n");
    CHECK(text_of(plan::base_plan(profile, test::facts())) ==
          "web.toml:1:18: error[P0114]: 'resources.cpus' must be a number from 0.01 on\n"
          "  hint: the kernel gives out CPU time in slices of 1 ms in every 100 ms\n");
  }
}

TEST_CASE("base plan: a shipped profile's limit above the machine's is only an aside", "[plan]") {
  auto profile = test::profile_of("resources.cpus = 4\n");
  const std::vector<std::string> line{"resources.cpus 4 is more than this machine has: 2, using 2"};
  profile.layers = {{"base", "web.toml", profile::Trust::kShipped, ""}};
  const auto shipped = plan::base_plan(profile, test::facts());
  REQUIRE(shipped);
  CHECK(shipped->asides == line);
  CHECK(shipped->notices.empty());
  profile.layers.front().trust = profile::Trust::kUser;
  const auto own = plan::base_plan(profile, test::facts());
  REQUIRE(own);
  CHECK(own->notices == line);
  CHECK(own->asides.empty());
}

TEST_CASE("base plan: a fraction of a CPU is kept to the thousandth", "[plan]") {
  CHECK(draft_of("resources.cpus = 1.5\n").plan.resources.cpus_milli == 1500u);
  CHECK(draft_of("resources.cpus = 0.01\n").plan.resources.cpus_milli == 10u);
  CHECK(draft_of("resources.cpus = 2.0\n").notices.empty());
  CHECK(draft_of("resources.cpus = 2.25\n").notices ==
        std::vector<std::string>{"resources.cpus 2.25 is more than this machine has: 2, using 2"});
}

TEST_CASE("base plan: all problems are reported at once", "[plan][error]") {
  CHECK(text_of(plan::base_plan(
            profile_of("network.mode = \"open\"\n[process]\ninit = 3\nhostname = 1\n"
                       "[resources]\nmemory = \"big\"\ncpus = 0\ndisk = \"8KiB\"\npids = 0\n"),
            facts())) ==
        "web.toml:1:16: error[P0114]: 'network.mode' has no value 'open'\n"
        "web.toml:3:8: error[P0113]: 'process.init' must be true or false\n"
        "web.toml:4:12: error[P0113]: 'process.hostname' must be a string\n"
        "web.toml:6:10: error[P0113]: 'resources.memory' must be a size\n"
        "  hint: write a whole number and a unit, such as \"512MiB\"\n"
        "web.toml:7:8: error[P0114]: 'resources.cpus' must be a number from 0.01 on\n"
        "  hint: the kernel gives out CPU time in slices of 1 ms in every 100 ms\n"
        "web.toml:9:8: error[P0114]: 'resources.pids' must be from 1 to 4194304\n"
        "web.toml:8:8: error[P0114]: resources.disk 8KiB is too small for the tmpfs mounts of this "
        "profile\n"
        "  hint: raise resources.disk, or lower the 'size' of a tmpfs mount\n");
}

TEST_CASE("base plan: an absent workspace folder is named with the remedy", "[plan][error]") {
  const std::string toml = "workspace.root = \"/no\"\nworkspace.folders.such = \"ro\"\n";
  CHECK(text_of(plan::base_plan(profile_of(toml), facts())) ==
        "web.toml:2:26: error[P0134]: '/no/such' does not exist\n"
        "  hint: paddock creates nothing on the host: mkdir -p '/no/such'\n");
}

TEST_CASE("base plan: a workspace folder that leads out by now is refused", "[plan][error]") {
  const test::TempDir dir;
  const std::filesystem::path root = std::filesystem::canonical(dir.path());
  for (const char* name : {"project/inner", "secret"}) {
    std::filesystem::create_directories(root / name);
  }
  std::filesystem::create_directory_symlink("inner", root / "project/docs");
  const std::string toml =
      "workspace.root = \"" + (root / "project").string() + "\"\nworkspace.folders.docs = \"ro\"\n";
  CHECK(draft_of(toml).plan.mounts.at("/workspace/docs").source == root / "project/inner");
  std::filesystem::remove(root / "project/docs");
  std::filesystem::create_directory_symlink("../secret", root / "project/docs");
  CHECK(
      text_of(plan::base_plan(profile_of(toml), facts())) ==
      "web.toml:2:26: error[P0133]: the workspace folder 'docs' leads out of the workspace, to '" +
          (root / "secret").string() + "'\n");
}
