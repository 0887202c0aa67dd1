// The main job on real engines: the same profile, the same proof, the same verbs.
#include "engines/engine.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engines/proxy.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Started start_box(const World& world) {
  Started started = world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                                 "echo ready; sleep 1000; :", world.root().string()});
  REQUIRE(started.await_output("ready"));
  return started;
}

/// Protection to verdict, by the result of a launch.
std::map<std::string, std::string> verdicts(const World& world, const std::string& backend) {
  return verdicts_of(
      world.run({"run", "--json", "--backend", backend, "quickstart", "--", "true"}));
}

}  // namespace

TEST_CASE("engine: a command runs on the caller's folder, and nothing stays", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    world.write(world.project() / "file", "from the project\n");
    const Ran ran = world.shell("cat file; echo made >new; id -u; echo oops >&2; exit 7");
    CHECK(ran.status == 7);
    // The shipped profiles take the caller's number, and another one for root's.
    CHECK(ran.out ==
          "from the project\n" + std::to_string(engine.uid == 0 ? 1000 : engine.uid) + "\n");
    CHECK(messages(ran) == "oops\n");
    CHECK(read_text(world.project() / "new") == "made\n");
    struct stat made {};
    REQUIRE(::stat((world.project() / "new").c_str(), &made) == 0);
    CHECK(made.st_uid == engine.uid);
    CHECK(made.st_gid == engine.uid);
    CHECK(engine.containers().empty());
    CHECK(residue(world).empty());
  }
}

TEST_CASE("engine: its ledger says of each protection what bubblewrap's says", "[engine]") {
  NEEDS_ENGINES();
  NEEDS_SANDBOXES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const auto found = verdicts(world, engine.id);
    CHECK(found.size() >= 24);
    CHECK(found == verdicts(world, "bubblewrap"));
  }
}

TEST_CASE("engine: streams and ends are the command's own", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    CHECK(world.run({"run", "quickstart", "--", "cat"}, std::string("a\0b\xff", 4)).out ==
          std::string("a\0b\xff", 4));
    CHECK(world.shell("kill -KILL $$").status == 137);
    CHECK(world.run({"run", "quickstart", "--", "no-such-command"}).status == 127);
    Started box = start_box(world);
    box.kill(SIGTERM);
    CHECK(box.await_exit(std::chrono::seconds(20)));
    CHECK(box.wait().status == 143);
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: root enters a container without its engine", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : root_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const Started box = start_box(world);
    const Proxy proxy(engine, world, "error:POST /exec");
    engine.use(world, proxy.path());
    const Ran ran = world.run({"exec", "box", "echo", "inside"});
    CAPTURE(ran.err);
    CHECK(ran.out == "inside\n");
    engine.use(world);
    CHECK(world.run({"stop", "box"}).status == 0);
    CHECK(eventually([&] { return engine.containers().empty(); }));
  }
}

TEST_CASE("engine: exec, verify and stop reach a running sandbox", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    Started box = start_box(world);
    const std::string facts =
        "grep -E '^(Cap|NoNewPrivs|Uid|Gid|Seccomp|Umask)' /proc/self/status; hostname";
    CHECK(world.run({"exec", "box", "sh", "-c", facts}).out == world.shell(facts).out);
    const std::string elsewhere =
        "cmp /proc/self/cgroup /proc/1/cgroup; for n in /proc/self/ns/*; do"
        " test \"$(readlink $n)\" = \"$(readlink /proc/1/ns/${n##*/})\" || echo $n; done";
    CHECK(world.run({"exec", "box", "sh", "-c", elsewhere}).out.empty());
    CHECK(world.run({"exec", "box", "cat"}, "piped\n").out == "piped\n");
    CHECK(world.run({"exec", "box", "--", "sh", "-c", "exit 9"}).status == 9);
    CHECK(world.run({"exec", "box", "no-such-command"}).status == 127);
    const Ran verify = world.run({"verify", "box"});
    CAPTURE(verify.out, verify.err);
    CHECK(verify.status == 0);
    CHECK(world.run({"ps", "--plain"})
              .out.rfind("box\trunning\tquickstart\t" + engine.id + "\t", 0) == 0);
    CHECK(world.run({"stop", "box"}).status == 0);
    CHECK(box.wait().status == 143);
    const auto receipt = nlohmann::json::parse(world.run({"receipt", "--json", "box"}).out);
    CHECK(receipt.at("backend") == engine.id);
    CHECK(receipt.at("holds") == true);
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: a terminal is the workload's own, and has a name", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const std::string paddock = world.argv({}).front();
    world.program = "/usr/bin/script";
    const Ran ran = world.run(
        {"-qec", paddock + " run quickstart -- sh -c 'tty; : >$(tty) && echo mine'", "/dev/null"});
    CAPTURE(ran.out, ran.err);
    CHECK(ran.status == 0);
    // Between the lines script(1) may show that its own input has ended.
    CHECK(has(ran.out, "/dev/console\r\n"));
    CHECK(has(ran.out, "mine\r\n"));
    // No ordinary user has CPU shares to give.
    CHECK((has(ran.out, "proved 24 of 24 protections") ||
           (engine.uid != 0 && has(ran.out, "proved 23 of 24 protections"))));
  }
}

TEST_CASE("engine: a limit is in the kernel, and its end is told", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    world.profile("small", "extends = [\"quickstart\"]\n[resources]\nmemory = \"64MiB\"\n");
    const Ran ran = world.run({"run", "small", "--", "sh", "-c", "head -c 200M /dev/zero | tail"});
    CHECK(ran.status != 0);
    // Podman never says that memory ran out.
    CHECK((engine.id == "podman" || has(ran.err, "memory")));
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: when paddock is killed, gc leaves nothing of it, and everything else",
          "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    // Somebody else's, of nearly the same name and without a label of ours.
    const std::string image = nlohmann::json::parse(engine.ask("GET", "/v1.41/images/json"))
                                  .at(0)
                                  .at("Id")
                                  .get<std::string>();
    engine.ask("POST", "/v1.41/containers/create?name=paddock-other",
               "{\"Image\":\"" + image +
                   "\",\"Cmd\":[\"/bin/true\"],\"HostConfig\":{\"NetworkMode\":\"none\"}}");
    Started box = start_box(world);
    CHECK(engine.containers().size() == 2);
    box.kill(SIGKILL);
    CHECK(box.await_exit(std::chrono::seconds(10)));
    const Ran gc = world.run({"gc"});
    CAPTURE(gc.out, gc.err);
    CHECK(gc.status == 0);
    CHECK(engine.containers() == std::vector<std::string>{"paddock-other"});
    engine.ask("DELETE", "/v1.41/containers/paddock-other?force=true");
    CHECK(residue(world).empty());
  }
}

TEST_CASE("docker: an engine that is not there is told with its socket", "[engine]") {
  World world;
  world.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  const Ran ran = world.run({"run", "--backend", "docker", "quickstart", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(has(ran.err,
            "no engine answers at '/nonexistent/docker.sock'\n"
            "  hint: start it, or name its socket in DOCKER_HOST\n"));
  world.environment["DOCKER_HOST"] = "tcp://192.0.2.1:2375";
  const Ran remote = world.run({"run", "--backend", "docker", "quickstart", "--", "true"});
  CHECK(remote.status == 125);
  CHECK(
      has(remote.err, "DOCKER_HOST is 'tcp://192.0.2.1:2375', and whoever answers there without "));
}

namespace {

/// Directories of services that paddock started for that user.
std::size_t count_service_directories(uid_t user) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/tmp")) {
    struct stat status {};
    const bool own = ::stat(entry.path().c_str(), &status) == 0 && status.st_uid == user;
    count += own && entry.path().filename().string().starts_with("paddock-podman-") ? 1 : 0;
  }
  return count;
}

/// Podman, root's and an ordinary user's, where this machine runs no service of it.
std::vector<TestEngine> served_by_nobody() {
  std::vector<TestEngine> list;
  for (TestEngine& engine : engines()) {
    if (engine.id == "podman" &&
        (engine.uid != 0 || !std::filesystem::exists("/run/podman/podman.sock"))) {
      list.push_back(std::move(engine));
    }
  }
  return list;
}

}  // namespace

TEST_CASE("podman: where nobody serves, paddock starts a service and ends it", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : served_by_nobody()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use_own_service(world);
    const Ran ran = world.run({"run", "--backend", "podman", "quickstart", "--", "echo", "ran"});
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.out == "ran\n");
    CHECK(eventually([&] { return processes_with(world.root().string()).empty(); }));
    CHECK(engine.containers().empty());
    CHECK(count_service_directories(engine.uid) == 0);
  }
}

TEST_CASE("podman: what a killed paddock leaves of its service the next one clears away",
          "[engine][fault]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : served_by_nobody()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use_own_service(world);
    Started killed =
        world.start({"run", "--backend", "podman", "quickstart", "--", "sh", "-c", "echo up; cat"});
    REQUIRE(killed.await_output("up\n"));
    CHECK(count_service_directories(engine.uid) == 1);
    killed.kill(SIGKILL);
    CHECK(killed.wait().status == 137);
    CHECK(count_service_directories(engine.uid) == 1);
    CHECK(world.run({"gc"}).status == 0);
    CHECK(count_service_directories(engine.uid) == 0);
    CHECK(engine.containers().empty());
  }
}
