// Ordinary users: whose engine can be proved by whom, and what holds in one of the user's own.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "engines/engine.hpp"
#include "engines/proxy.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kRootOnly =
    "only root can look into its containers, and so prove them\n"
    "  hint: run paddock as root, or use rootless Podman or the backend 'bubblewrap'\n";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::optional<TestEngine> engine_named(const std::string& name) {
  for (const TestEngine& engine : engines()) {
    if (engine.name == name) {
      return engine;
    }
  }
  return std::nullopt;
}

/// A launch on `backend` whose engine is looked for at `socket`, that has to be refused.
std::string refusal(World& world, const TestEngine& engine, const std::string& socket) {
  world.environment[engine.variable] = "unix://" + socket;
  const Ran ran = world.run({"run", "--backend", engine.id, "quickstart", "--", "echo", "ran"});
  CHECK(ran.status == 125);
  CHECK(ran.out.empty());
  return ran.err;
}

bool has_manager(uid_t uid) {
  const std::string number = std::to_string(uid);
  return std::filesystem::exists("/sys/fs/cgroup/user.slice/user-" + number + ".slice/user@" +
                                 number + ".service");
}

/// Hides a file of the machine from this process, and whom it starts.
void hide(const char* path) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("/dev/null", path, nullptr, MS_BIND, nullptr) != 0) {
    ::_exit(123);
  }
}

/// The same of a directory's content.
void empty(const char* path) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("tmpfs", path, "tmpfs", 0, nullptr) != 0) {
    ::_exit(123);
  }
}

}  // namespace

#define NEEDS_ROOTLESS(engine)                         \
  const auto engine = engine_named("podman-rootless"); \
  if (!engine) PADDOCK_SKIP("no engine of an ordinary user's was started")

TEST_CASE("engine: root's is refused to whom it cannot be proved to", "[engine][user]") {
  if (users().size() == 1) {
    PADDOCK_SKIP("takes root and an ordinary user who can reach the build tree");
  }
  for (const TestEngine& engine : engines()) {
    if (engine.uid != 0) {
      continue;
    }
    CAPTURE(engine.name);
    World world(users().back());
    CHECK(has(refusal(world, engine, engine.socket),
              "this user may not talk to the engine at '" + engine.socket + "'\n"));
    // As a member of the group docker, who may, and to whom nothing is left to prove.
    const Proxy open(engine, world, "none", 0);
    REQUIRE(::chmod(open.path().c_str(), 0666) == 0);
    CHECK(has(refusal(world, engine, open.path()),
              "the engine at '" + open.path() + "' is root's: " + kRootOnly));
    // Behind somebody of the user's own, whom the kernel names instead.
    TestEngine veiled = engine;
    veiled.socket = open.path();
    veiled.uid = world.uid();
    const Proxy own(veiled, world, "none");
    CHECK_FALSE(refusal(world, engine, own.path()).empty());
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: a user's own is refused to root, and to Docker's backend", "[engine][user]") {
  NEEDS_ROOTLESS(engine);
  if (::geteuid() == 0) {
    World world;
    CHECK(
        has(refusal(world, *engine, engine->socket),
            "the engine at '" + engine->socket + "' is user " + std::to_string(engine->uid) +
                "'s: its containers would get that user's files, not yours\n"
                "  hint: run paddock as that user, or name the socket of an engine of your own\n"));
  }
  World world(engine->uid);
  TestEngine docker = *engine;  // Podman speaks Docker's API, as a rootless Docker would
  docker.id = "docker";
  docker.variable = "DOCKER_HOST";
  CHECK(has(refusal(world, docker, engine->socket),
            "a rootless engine of this kind cannot show your files as the workload's own\n"
            "  hint: use rootless Podman or the backend 'bubblewrap'\n"));
}

TEST_CASE("podman: a user without subordinate ids is told so", "[engine][user]") {
  NEEDS_ROOTLESS(engine);
  if (::geteuid() != 0) {
    PADDOCK_SKIP("hiding a file of the machine takes root");
  }
  World world(engine->uid);
  engine->use(world);
  const auto enter = world.in_child;
  world.in_child = [&] {
    enter();
    hide("/etc/subgid");
  };
  CHECK(has(refusal(world, *engine, engine->socket),
            "user 'paddock-rig' has no subordinate ids, which a container's user namespace takes\n"
            "  hint: as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "
            "paddock-rig, then: podman system migrate\n"));
  world.in_child = [&] {
    enter();
    hide("/usr/bin/newgidmap");
  };
  CHECK(has(refusal(world, *engine, engine->socket),
            "the program 'newgidmap' is missing\n"
            "  hint: install the package 'uidmap', or 'shadow-utils'\n"));
}

TEST_CASE("podman as a user: networks without what they take are refused", "[engine][user]") {
  NEEDS_NETWORKS();
  NEEDS_ROOTLESS(engine);
  World world(engine->uid);
  engine->use(world);
  world.profile("isolated", "extends = [\"quickstart\"]\n[network]\nmode = \"isolated\"\n");
  const auto enter = world.in_child;
  const auto refused = [&](const std::string& why, const std::string& remedy) {
    const Ran ran = world.run({"run", "--backend", "podman", "isolated", "--", "echo", "ran"});
    CAPTURE(ran.err);
    CHECK(ran.status == 125);
    CHECK(ran.out.empty());
    for (const std::string protection : {"egress.none", "network.isolated"}) {
      CHECK(
          has(ran.err, "backend 'podman' cannot enforce '" + protection + "' here: " + why + "\n"));
    }
    CHECK(has(ran.err, "  hint: " + remedy + "\n"));
  };
  world.in_child = [&] {
    enter();
    empty("/dev/net");
  };
  refused("an ordinary user's network takes '/dev/net/tun', which this user cannot open",
          "as root: modprobe tun; chmod 0666 /dev/net/tun");
  world.in_child = [&] {
    enter();
    for (const char* program : {"/usr/bin/slirp4netns", "/usr/bin/pasta"}) {
      if (std::filesystem::exists(program)) {
        hide(program);
      }
    }
  };
  refused("an ordinary user's network takes the program 'slirp4netns' or 'pasta'",
          "install the package 'slirp4netns', or 'passt'");
}

TEST_CASE("podman as a user: limits without a control group are rlimits, or refused",
          "[engine][user]") {
  NEEDS_ROOTLESS(engine);
  if (has_manager(engine->uid)) {
    PADDOCK_SKIP("systemd gives this user control groups");
  }
  World world(engine->uid);
  engine->use(world);
  world.profile("small",
                "extends = [\"quickstart\"]\n[resources]\nmemory = \"64MiB\"\npids = 20\n");
  const std::string limits = "grep -E 'data size|processes' /proc/self/limits | tr -s ' '";
  const std::string wanted =
      "Max data size 67108864 67108864 bytes \nMax processes 20 20 processes \n";
  CHECK(world.shell(limits, "small").out == wanted);
  CHECK(world.shell("head -c 200M /dev/zero | tail", "small").status != 0);
  const std::string bomb = "for i in $(seq 30); do sleep 1 & done; wait";
  CHECK(has(world.shell(bomb + "; true", "small").err, "fork"));
  Started box =
      world.start({"run", "--name", "box", "small", "--", "sh", "-c", "echo ready; sleep 1000"});
  REQUIRE(box.await_output("ready"));
  CHECK(world.run({"exec", "box", "sh", "-c", limits}).out == wanted);
  CHECK(world.run({"stop", "box"}).status == 0);
  // CPU shares have no such limit: who insists on them gets nothing.
  world.profile("strict", "extends = [\"quickstart\"]\n[resources]\ncpus = 1\nbest_effort = []\n");
  const Ran strict = world.shell("echo ran", "strict");
  CAPTURE(strict.err);
  CHECK(strict.status == 125);
  CHECK(strict.out.empty());
  CHECK(has(strict.err,
            "an ordinary user's engine has no control group for it here, and no rlimit limits CPU "
            "shares"));
}

TEST_CASE("podman as a user: doctor says what can be enforced, and what cannot", "[engine][user]") {
  NEEDS_ROOTLESS(engine);
  if (has_manager(engine->uid)) {
    PADDOCK_SKIP("systemd gives this user control groups");
  }
  World world(engine->uid);
  engine->use(world);
  const std::string out = world.run({"doctor", "--plain"}).out;
  CAPTURE(out);
  for (const char* line :
       {"podman\tuser\tok\tUser, UsernsMode keep-id\t",
        "podman\tnamespaces\tok\tnamespaces of the container, a user namespace among them\t",
        "podman\tdevices.minimal\tok\tthe engine's /dev, where no device can be made\t",
        "podman\tcgroup.memory\tok\trlimit RLIMIT_DATA (each process)\t",
        "podman\tcgroup.pids\tok\trlimit RLIMIT_NPROC (of the user)\t",
        "podman\tcgroup.cpu\tNO\tan ordinary user's engine has no control group for it here, and "
        "no "
        "rlimit limits CPU shares\t"}) {
    CHECK(has(out, line));
  }
}

TEST_CASE("podman: a service of paddock's own ends with it, and gc clears up", "[engine][user]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    if (engine.id != "podman") {
      continue;
    }
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use_own_service(world);
    if (engine.uid == 0 && std::filesystem::exists("/run/podman/podman.sock")) {
      PADDOCK_SKIP("this machine runs a service of Podman's");
    }
    Started box = world.start(
        {"run", "--name", "box", "quickstart", "--", "sh", "-c", "echo ready; sleep 1000; :"});
    REQUIRE(box.await_output("ready"));
    box.kill(SIGKILL);
    CHECK(box.await_exit(std::chrono::seconds(10)));
    CHECK(engine.containers().size() == 1);
    const Ran gc = world.run({"gc"});
    CAPTURE(gc.out, gc.err);
    CHECK(gc.status == 0);
    CHECK(engine.containers().empty());
    CHECK(eventually([&] { return residue(world).empty(); }));
  }
}
