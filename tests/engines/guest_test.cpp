// Sandboxes whose kernel is gVisor's, in containers of Docker's: the same proof, and no belief in
// names.
#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engines/guests.hpp"
#include "engines/proxy.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

TEST_CASE("guest: a command runs on a kernel that is not the host's", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  world.write(world.project() / "file", "from the project\n");
  const Ran ran =
      world.shell("uname -r; cat file; echo made >new; id -u; echo oops >&2; exit 7", "guest");
  struct utsname host {};
  REQUIRE(::uname(&host) == 0);
  CHECK(ran.status == 7);
  CHECK_FALSE(has(ran.out, host.release));
  CHECK(has(ran.out, "\nfrom the project\n1000\n"));
  CHECK(messages(ran) == "oops\n");
  CHECK(read_text(world.project() / "new") == "made\n");
  CHECK(engine->containers().empty());
  CHECK(residue(world).empty());
}

TEST_CASE("guest: its ledger says of each protection what it says on the host's kernel",
          "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const auto found = verdicts(world, "guest");
  CHECK(found.size() >= 24);
  CHECK(found == verdicts(world, "quickstart"));
}

TEST_CASE("guest: a runtime that is gVisor's by its name alone is refused", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const Proxy proxy(*engine, world, "offer:runsc-by-name");
  Guests lied(*engine);
  engine->use(lied, proxy.path());
  const Ran ran = lied.shell("echo ran", "guest");
  CAPTURE(ran.err);
  CHECK(ran.status == 125);
  CHECK(ran.out.empty());
  const std::string asked =
      " (asked for by " + (lied.profiles() / "guest.toml").string() + ":4:13)\n";
  CHECK(has(ran.err, "error[P0401]: "));
  CHECK(has(ran.err,
            "  isolation: kernel that runs the gate: expected none of the host's, seen the "
            "host's, as process "));
  CHECK(has(ran.err, "find the host's version there: expected EILSEQ, seen succeeds" + asked));
  CHECK(engine->containers().empty());
}

TEST_CASE("guest: without a runtime for it a launch is refused with the remedy",
          "[engine][guest][error]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  const Proxy proxy(*engine, world, "offer:runc");
  engine->use(world, proxy.path());
  const Ran ran = world.run({"run", "--backend", "docker", "guest", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(
      has(ran.err,
          (world.profiles() / "guest.toml").string() +
              ":4:13: error[P0304]: backend 'docker' isolates by 'shared-kernel', and the plan "
              "asks for 'user-kernel' at least\n"
              "  hint: install gVisor's runsc, and register it: dockerd --add-runtime "
              "runsc=PROGRAM, which runs 'runsc --network=none --host-uds=open --oci-seccomp "
              "\"$@\"'\n"
              "  hint: choose another backend, or lower backend.isolation in your own profile\n"));
  CHECK(engine->containers().empty());
}

TEST_CASE("guest: an engine that has gVisor as its own choice is told to be asked for it",
          "[engine][guest][error]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  const Proxy proxy(*engine, world, "prefer:runsc");
  engine->use(world, proxy.path());
  const Ran ran = world.shell("echo ran", "quickstart");
  CAPTURE(ran.err);
  CHECK(ran.status == 125);
  CHECK(ran.out.empty());
  CHECK(has(ran.err,
            "error[P0304]: the engine runs containers by 'runsc' unless told otherwise\n"
            "  plugin 'docker', method 'create'\n"
            "  hint: say so in the profile: backend.isolation = \"user-kernel\"\n"));
  CHECK(engine->containers().empty());
  CHECK(world.shell("echo ran", "guest").out == "ran\n");
}

TEST_CASE("guest: a runtime that the engine drops stops the launch", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  const Proxy proxy(*engine, world, "drop:HostConfig.Runtime");
  engine->use(world, proxy.path());
  const Ran ran = world.shell("echo ran", "guest");
  CHECK(ran.status == 125);
  CHECK(ran.out.empty());
  CHECK(has(ran.err, "the engine made the container otherwise than asked: HostConfig.Runtime\n"));
  CHECK(engine->containers().empty());
}

TEST_CASE("guest: what it cannot have is refused with the reason", "[engine][guest][error]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  world.profile("net", std::string(Guests::kGuest) + "[network]\nmode = \"isolated\"\n");
  CHECK(has(world.shell("true", "net").err,
            "does not enforce '/network/mode' = \"isolated\": this version gives a kernel in user "
            "space no network; use mode 'none'\n"));
  world.profile("few", std::string(Guests::kGuest) + "[resources]\npids = 100\n");
  CHECK(has(world.shell("true", "few").err,
            "does not enforce '/isolation' = \"user-kernel\": gVisor's kernel alone has some 50 "
            "threads: set resources.pids to 128 or more\n"));
  CHECK(engine->containers().empty());
}

TEST_CASE("guest: it is listed, logged and stopped", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  REQUIRE(world
              .run({"run", "--detach", "--name", "box", "guest", "--", "sh", "-c",
                    "echo at work; sleep 1000"})
              .status == 0);
  CHECK(eventually([&] { return has(world.run({"logs", "box"}).out, "at work\n"); }));
  CHECK(has(world.run({"ps"}).out, "box   running  guest"));
  CHECK(world.run({"stop", "box"}).status == 0);
  CHECK(engine->containers().empty());
}

TEST_CASE("guest: output to a file goes behind what is there", "[engine][guest]") {
  NEEDS_GVISOR(engine);
  Guests world(*engine);
  const auto file = world.root() / "output";
  world.program = "/bin/sh";
  const Ran ran =
      world
          .start({"-c", "(echo before; " PADDOCK_BUILD_DIR "/bin/paddock run guest -- sh "
                        "-c 'echo out; echo err >&2'; echo after) >" +
                            file.string() + " 2>&1"})
          .wait();
  CHECK(ran.status == 0);
  CHECK(read_text(file) == "before\nout\nerr\nafter\n");
}
