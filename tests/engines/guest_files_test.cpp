// What sandboxes with gVisor's kernel see of the host's files, and whose those are.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engines/guests.hpp"
#include "engines/proxy.hpp"
#include "support/engine/guest/stage.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

/// "uid:gid" of all that is in a folder and that is not followed, without repetition.
std::string owners_in(const std::filesystem::path& folder) {
  std::string owners;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat found {};
    REQUIRE(::lstat(entry.path().c_str(), &found) == 0);
    const std::string owner = std::to_string(found.st_uid) + ":" + std::to_string(found.st_gid);
    owners += has(owners, owner) ? "" : owner + " ";
  }
  return owners;
}

/// A shell's script among the engine's mounts: its exit status.
int among_mounts(const TestEngine& engine, const std::string& script) {
  const pid_t child = ::fork();
  if (child == 0) {
    engine.enter_mounts();
    ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
    ::_exit(127);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// An overlay, which has no idmapped mounts, in the place of the project, for paddock alone.
void cover_with_overlay(World& world) {
  const std::string root = world.root().string();
  world.in_child = [root, project = world.project().string()] {
    const std::string options =
        "lowerdir=" + project + ",upperdir=" + root + "/upper,workdir=" + root + "/work";
    const bool done = ::mkdir((root + "/upper").c_str(), 0755) == 0 &&
                      ::mkdir((root + "/work").c_str(), 0755) == 0 && ::unshare(CLONE_NEWNS) == 0 &&
                      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                      ::mount("overlay", project.c_str(), "overlay", 0, options.c_str()) == 0 &&
                      ::chdir(project.c_str()) == 0;
    if (!done) {
      ::_exit(121);
    }
  };
}

}  // namespace

TEST_CASE("guest files: what is the caller's is the workload's, and stays the caller's on disk",
          "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  world.write(world.project() / "old", "kept\n");
  world.write(world.project() / "stranger", "secret\n");
  REQUIRE(::chmod((world.project() / "old").c_str(), 0600) == 0);
  REQUIRE(::chmod((world.project() / "stranger").c_str(), 0600) == 0);
  REQUIRE(::chown((world.project() / "stranger").c_str(), 1234, 1234) == 0);
  const Ran ran = world.shell(
      "cat old; echo more >>old; echo made >new; mkdir -p a/b; mv new a/b; ln -s old link; "
      "mkfifo pipe; chmod 0750 a; cp old copy; rm copy; cat stranger; "
      "find . -name b -printf '%U:%G\\n'; id -u",
      "guest");
  CAPTURE(ran.err);
  CHECK(ran.out == "kept\n1000:1000\n1000\n");
  CHECK(has(ran.err, "stranger: Permission denied\n"));
  CHECK(read_text(world.project() / "old") == "kept\nmore\n");
  CHECK(read_text(world.project() / "a/b/new") == "made\n");
  REQUIRE(::unlink((world.project() / "stranger").c_str()) == 0);
  CHECK(owners_in(world.project()) == "0:0 ");
  CHECK(engine->mounts_below(world.root()).empty());
  CHECK(residue(world).empty());
}

TEST_CASE("guest files: what is the workload's on disk is shown as it is", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  world.give_project(1000);
  const Ran ran = world.shell("echo made >new; find . -name new -printf '%U:%G\\n'", "guest");
  CAPTURE(ran.err);
  CHECK(ran.out == "1000:1000\n");
  CHECK(owners_in(world.project()) == "1000:1000 ");
}

TEST_CASE("guest files: a folder or a file, to write or only to read", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const std::string root = world.root().string();
  std::filesystem::create_directory(root + "/folder");
  world.write(root + "/folder/in", "in\n");
  world.write(root + "/file", "file\n");
  REQUIRE(::chmod((root + "/file").c_str(), 0600) == 0);
  REQUIRE(::chmod((root + "/folder/in").c_str(), 0600) == 0);
  world.profile("more", std::string(Guests::kGuest) + "[[mounts]]\nsource = \"" + root +
                            "/folder\"\ntarget = \"/folder\"\nmode = \"ro\"\n"
                            "[[mounts]]\nsource = \"" +
                            root + "/file\"\ntarget = \"/file\"\nmode = \"rw\"\n");
  const Ran ran =
      world.shell("cat /folder/in /file; echo more >>/file; echo x >/folder/in", "more");
  CAPTURE(ran.err);
  CHECK(ran.out == "in\nfile\n");
  CHECK(has(ran.err, "Read-only file system\n"));
  CHECK(read_text(root + "/file") == "file\nmore\n");
  CHECK(read_text(root + "/folder/in") == "in\n");
}

TEST_CASE("guest files: its ledger says of the caller's folder what it says on the host's kernel",
          "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const auto found = verdicts(world, "guest");
  CHECK(found.size() >= 24);
  CHECK(found == verdicts(world, "quickstart"));
}

TEST_CASE("guest files: kill -9 while it is shown elsewhere hurts nothing, and gc takes it away",
          "[engine][guest][fault]") {
  NEEDS_GVISOR(engine);
  for (const char* when : {"kill:POST /containers/create", "kill-behind:POST /containers/create",
                           "kill:POST /start", "kill-behind:POST /start"}) {
    CAPTURE(when);
    Guests world(*engine);
    world.write(world.project() / "work.txt", "precious\n");
    {
      const Proxy proxy(*engine, world, when);
      engine->use(world, proxy.path());
      CHECK(world.run({"run", "--name", "box", "guest", "--", "true"}).status == 137);
      CHECK(proxy.has_hit());
    }
    engine->use(world);
    const std::string left = engine->mounts_below(world.root());
    CAPTURE(left);
    CHECK(has(left, world.project().string() + " "));
    CHECK(has(left, "/run/stage/0 ro,"));
    CHECK(has(left, "idmapped"));
    CHECK(among_mounts(*engine, "rm -rf " + world.state().string() + "/*/*/run/stage 2>&-") != 0);
    CHECK(read_text(world.project() / "work.txt") == "precious\n");
    const Ran gc = world.run({"gc"});
    CAPTURE(gc.err);
    CHECK(gc.status == 0);
    CHECK(engine->mounts_below(world.root()).empty());
    CHECK(engine->containers().empty());
    CHECK(residue(world).empty());
    CHECK(read_text(world.project() / "work.txt") == "precious\n");
  }
}

TEST_CASE("guest files: it is the same where the engine has paddock's own mounts",
          "[engine][guest]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  world.in_child = [engine = *engine, project = world.project().string()] {
    engine.enter_mounts();
    static_cast<void>(::chdir(project.c_str()) == 0);
  };
  const Ran ran = world.shell("echo made >new; cat /etc/hosts", "guest");
  CAPTURE(ran.err);
  CHECK(ran.out == "127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 sandbox\n");
  CHECK(owners_in(world.project()) == "0:0 ");
  CHECK(engine->mounts_below(world.root()).empty());
  CHECK(residue(world).empty());
}

TEST_CASE("guest files: another folder than the planned one is not shown",
          "[engine][guest][error]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  contract::Plan plan;
  plan.process.user = {1000, 1000};
  contract::Mount mount;
  mount.source = world.project().string();
  mount.identity = contract::FileIdentity{1, 2};
  plan.mounts["/workspace"] = mount;
  const auto stage = engine::plan_stage(plan, world.root().string());
  REQUIRE(stage.mounts.size() == 1);
  const auto shown = engine::put_up(stage, engine->process(), plan.process.user);
  REQUIRE_FALSE(shown);
  CHECK(shown.error().what ==
        "the source of '/workspace' is not what was planned: another file or folder is there now");
  CHECK(engine->mounts_below(world.root()).empty());
  CHECK(engine::take_down(stage.directory, engine->process()).has_value());
}

TEST_CASE("guest files: what cannot be the workload's is refused with the reason",
          "[engine][guest][error]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  const std::string folder = std::filesystem::canonical(world.project()).string();
  world.give_project(1234);
  CHECK(has(world.shell("true", "guest").err,
            "'" + folder +
                "' is neither yours nor user 1000's: give it to user 1000, or set "
                "process.uid and process.gid\n"));
  world.give_project(0);
  cover_with_overlay(world);
  CHECK(has(world.shell("true", "guest").err,
            "'" + folder +
                "' is on a file system without idmapped mounts: give it to user 1000, "
                "or set process.uid and process.gid\n"));
  CHECK(engine->containers().empty());
}

TEST_CASE("guest files: an engine whose mounts are elsewhere is told so, and nothing is left",
          "[engine][guest][error]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  const World elsewhere;
  const Proxy proxy(*engine, elsewhere, "none", 0, true);
  engine->use(world, proxy.path());
  const Ran ran = world.shell("echo ran", "guest");
  CHECK(ran.status == 125);
  CHECK(ran.out.empty());
  CAPTURE(ran.err);
  CHECK(has(ran.err,
            "  hint: its mounts are other ones than those of who answers for it: name the engine's "
            "own socket\n"));
  CHECK(engine->mounts_below(world.root()).empty());
  CHECK(engine->containers().empty());
  CHECK(residue(world).empty());
}

TEST_CASE("guest files: a volume outlives its sandbox, whichever kernel that had",
          "[engine][guest][volume]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const std::string volume =
      "[[mounts]]\ntype = \"volume\"\nvolume = \"cache\"\ntarget = \"/cache\"\n";
  world.profile("keeper", Guests::kGuest + volume);
  world.profile("reader", Guests::kGuest + volume + "mode = \"ro\"\nexec = false\n");
  world.profile("shared", "extends = [\"quickstart\"]\n" + volume);
  const Ran first = world.shell("ls -A /cache; echo kept >/cache/file", "keeper");
  CAPTURE(first.err);
  CHECK(first.status == 0);
  CHECK(first.out.empty());
  const Ran shared = world.shell(
      "cat /cache/file; stat -c %u:%g /cache/file /cache; echo more >>/cache/file", "shared");
  CHECK(shared.out == "kept\n1000:1000\n1000:1000\n");
  const Ran reader = world.shell("cat /cache/file; echo x >/cache/file", "reader");
  CHECK(reader.out == "kept\nmore\n");
  CHECK(has(reader.err, "Read-only file system\n"));
  CHECK(verdicts(world, "keeper") == verdicts(world, "shared"));
  CHECK(verdicts(world, "keeper").at("mounts.volume") == "ok observed");
  Started box = world.start(
      {"run", "--name", "box", "keeper", "--", "sh", "-c", "echo ready; sleep 1000; :"});
  REQUIRE(box.await_output("ready"));
  CHECK(
      has(world.run({"volume", "rm", "--yes", "cache"}).err, "volume 'cache' is in use by box\n"));
  CHECK(world.run({"stop", "box"}).status == 0);
  box.wait();
  CHECK(owners_in(engine->folder() / "data/volumes") == "0:0 ");
  CHECK(world.run({"volume", "rm", "--yes", "cache"}).out == "cache\n");
  CHECK(engine->volumes().empty());
  CHECK(engine->mounts_below(world.root()).empty());
}
