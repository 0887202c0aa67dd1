// A proxy between paddock and the engine takes one field out of the request, as an engine that does
// not know it would: every one is noticed, nothing runs, and the container is gone.
#include <signal.h>

#include "engines/image.hpp"
#include "engines/proxy.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::vector<std::string> kDockerFields = {"HostConfig.NetworkMode",
                                                "HostConfig.IpcMode",
                                                "HostConfig.CgroupnsMode",
                                                "HostConfig.CapDrop",
                                                "HostConfig.SecurityOpt",
                                                "HostConfig.ReadonlyRootfs",
                                                "HostConfig.MaskedPaths",
                                                "HostConfig.ReadonlyPaths",
                                                "HostConfig.Tmpfs",
                                                "HostConfig.Memory",
                                                "HostConfig.MemorySwap",
                                                "HostConfig.NanoCpus",
                                                "HostConfig.PidsLimit",
                                                "HostConfig.LogConfig",
                                                "NetworkDisabled",
                                                "User",
                                                "Hostname",
                                                "Labels"};
const std::vector<std::string> kPodmanFields = {
    "netns",   "cgroupns", "cap_drop", "no_new_privileges", "mask", "seccomp_profile_path",
    "hostname"};
const std::vector<std::string> kRootPodmanFields = {"resource_limits.memory", "resource_limits.cpu",
                                                    "resource_limits.pids", "user"};

std::vector<std::string> fields_of(const TestEngine& engine) {
  std::vector<std::string> fields = engine.id == "docker" ? kDockerFields : kPodmanFields;
  if (engine.name == "podman") {
    fields.insert(fields.end(), kRootPodmanFields.begin(), kRootPodmanFields.end());
  } else if (engine.name == "podman-rootless") {
    fields.emplace_back("userns");  // it is asked for no limits, and has the user by that
  }
  return fields;
}

}  // namespace

TEST_CASE("engine: a field that the engine drops stops the launch", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    // Podman limits processes by itself, and lower than the shipped profiles do.
    world.profile("small", "extends = [\"quickstart\"]\n[resources]\npids = 100\n");
    REQUIRE(world.shell("true", "small").status == 0);
    for (const std::string& field : fields_of(engine)) {
      CAPTURE(field);
      const Proxy proxy(engine, world, "drop:" + field);
      engine.use(world, proxy.path());
      const Ran ran = world.shell("echo ran", "small");
      CAPTURE(ran.err);
      CHECK(ran.status == 125);
      CHECK(ran.out.empty());
      // The engine refuses by itself, it is read back, or the proof fails.
      CHECK((has(ran.err, "error[P0502]: the engine ") || has(ran.err, "error[P0401]: ")));
      // A network that nobody asked for may keep Podman from removing at once: told, and gc's work.
      engine.use(world);
      CHECK(eventually([&] { return world.run({"gc"}).status == 0; }));
      CHECK(engine.containers().empty());
    }
  }
}

TEST_CASE("engine: a field of the network that the engine drops stops the launch",
          "[engine][network]") {
  NEEDS_NETWORKS();
  for (const TestEngine& engine : networked_engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const std::string network = "extends = [\"quickstart\"]\n[network]\nmode = \"isolated\"\n";
    world.profile("served", network + "egress = \"unrestricted\"\npublish = [\"7373:80\"]\n");
    REQUIRE(world.shell("true", "served").status == 0);
    const std::vector<std::pair<std::string, std::string>> fields =
        engine.id == "docker"
            ? std::vector<std::pair<std::string, std::string>>{{"network.Labels", "served"},
                                                               {"HostConfig.NetworkMode", "served"},
                                                               {"HostConfig.PortBindings",
                                                                "served"}}
            : std::vector<std::pair<std::string, std::string>>{{"network.labels", "served"},
                                                               {"portmappings", "served"}};
    for (const auto& [field, profile] : fields) {
      CAPTURE(field);
      const Proxy proxy(engine, world, "drop:" + field);
      engine.use(world, proxy.path());
      const Ran ran = world.shell("echo ran", profile);
      CAPTURE(ran.err);
      CHECK(ran.status == 125);
      CHECK(ran.out.empty());
      CHECK(has(ran.err, "error[P0502]: the engine "));
      engine.use(world);
      CHECK(eventually([&] { return world.run({"gc"}).status == 0; }));
      CHECK(engine.containers().empty());
      for (const std::string& left : engine.networks()) {
        engine.ask("DELETE", "/v1.41/networks/" + left);  // without our label it is nobody's
        CHECK(field.find("abels") != std::string::npos);
      }
    }
  }
}

TEST_CASE("engine: a reply about images that is wrong, cut or too long is told, and undone",
          "[engine][image]") {
  NEEDS_ENGINES();
  constexpr const char* kName = "localhost/paddock-test/fault:1";
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const std::string root = make_root(world, "root", {"sh"});
    world.write(world.root() / "made/Containerfile", "FROM scratch\nCOPY Containerfile /x\n");
    const std::string file = world.root() / "made/Containerfile";
    const std::string importing =
        engine.id == "docker" ? "POST /images/create" : "POST /images/import";
    const std::vector<std::pair<std::string, std::vector<std::string>>> tries = {
        {importing, {"image", "import", root, kName, "-b", engine.id}},
        {"POST /build", {"image", "build", file, "--tag", kName, "-b", engine.id}},
        {"GET /images/", {"image", "import", root, kName, "-b", engine.id}},
        {"GET /images/json", {"image", "list", "-b", engine.id}}};
    for (const auto& [request, words] : tries) {
      for (const std::string kind : {"error", "cut", "garbage", "huge"}) {
        CAPTURE(request, kind);
        const Proxy proxy(engine, world, kind + ":" + request);
        engine.use(world, proxy.path());
        const Ran ran = world.run(words);
        CAPTURE(ran.out, ran.err);
        CHECK(ran.status == 4);
        CHECK(has(ran.err, "error[P0502]: the engine"));
        engine.use(world);
        world.run({"image", "rm", kName, "-b", engine.id});
        CHECK(image_id(engine, kName).empty());
      }
    }
  }
}

TEST_CASE("engine: a launch's look at its image fails closed", "[engine][image]") {
  NEEDS_ENGINES();
  constexpr const char* kName = "localhost/paddock-test/fault:1";
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    image_profile(world, "small", kName);
    REQUIRE(world.shell("echo ran", "small").out == "ran\n");
    for (const std::string request : {"GET /images/localhost", "GET /images/sha256"}) {
      for (const std::string kind : {"error", "cut", "garbage", "huge"}) {
        CAPTURE(request, kind);
        const Proxy proxy(engine, world, kind + ":" + request);
        engine.use(world, proxy.path());
        const Ran ran = world.shell("echo ran", "small");
        CAPTURE(ran.err);
        CHECK(ran.status == 125);
        CHECK(ran.out.empty());
        CHECK(has(ran.err, "error[P0502]: the engine"));
        engine.use(world);
        CHECK(world.run({"gc"}).status == 0);
        CHECK(engine.containers().empty());
      }
    }
  }
}

TEST_CASE("engine: an interrupt ends the wait for an engine that does not answer", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    REQUIRE(world.shell("true").status == 0);
    for (const std::string request : {"GET /_ping", "POST /containers/create", "POST /start"}) {
      CAPTURE(request);
      engine.use(world);
      const Proxy proxy(engine, world, "silent:" + request);
      engine.use(world, proxy.path());
      Started run = world.start({"run", "quickstart", "--", "touch", "ran"});
      REQUIRE_FALSE(run.await_exit(std::chrono::seconds(2)));
      run.kill(SIGINT);
      CHECK(run.await_exit(std::chrono::seconds(10)));
      const Ran ran = run.wait();
      CAPTURE(ran.err);
      CHECK((ran.status == 125 || ran.status == 130));
      CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
      engine.use(world);
      CHECK(world.run({"gc"}).status == 0);
      CHECK(engine.containers().empty());
    }
  }
}

TEST_CASE("engine: a container that cannot be removed is told, and gc removes it", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    const Proxy proxy(engine, world, "error:DELETE /containers/");
    engine.use(world, proxy.path());
    const Ran ran = world.shell("echo ran");
    CAPTURE(ran.err);
    CHECK(ran.out == "ran\n");
    CHECK(ran.err.find("the engine cannot remove the container: made to fail") !=
          std::string::npos);
    CHECK(engine.containers().size() == 1);
    CHECK(world.run({"gc"}).status == 0);
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: a proxy that changes nothing is no obstacle", "[engine]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    const Proxy proxy(engine, world, "none");
    engine.use(world, proxy.path());
    CHECK(world.shell("echo ran").out == "ran\n");
  }
}
