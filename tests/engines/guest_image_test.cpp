// Sandboxes with gVisor's kernel and a root file system from an image.
#include <sys/stat.h>

#include "engines/guests.hpp"
#include "engines/image.hpp"
#include "engines/proxy.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

constexpr const char* kName = "localhost/paddock-test/small:1";
constexpr const char* kOther = "localhost/paddock-test/other:1";

void guest_profile(const World& world, const std::string& name, const std::string& reference) {
  world.profile(name, std::string(Guests::kGuest) + "[image]\nreference = \"" + reference +
                          "\"\npull = \"never\"\n");
}

/// Builds kOther of `lines` below FROM, in the place of an earlier one.
void build(const World& world, const TestEngine& engine, const std::string& lines) {
  const std::string file = world.root() / "other/Containerfile";
  world.write(file, std::string("FROM ") + kName + "\n" + lines);
  world.run({"image", "rm", kOther, "-b", engine.id});
  const Ran built = world.run({"image", "build", file, "--tag", kOther, "-b", engine.id});
  CAPTURE(built.err);
  REQUIRE(built.status == 0);
}

/// Spoils exchange `number` of a launch; whether there was one. Afterwards nothing is left.
bool is_hit_and_cleared(const TestEngine& engine, const std::string& fault, int number) {
  CAPTURE(fault, number);
  Guests world(engine);
  guest_profile(world, "small", kName);
  world.write(world.project() / "work.txt", "precious\n");
  std::optional<Proxy> proxy(std::in_place, engine, world, fault + ":" + std::to_string(number));
  engine.use(world, proxy->path());
  const Ran ran = world.run({"run", "--name", "box", "small", "--", "sh", "-c", "echo ran"});
  CAPTURE(ran.status, ran.out, ran.err);
  const bool hit = proxy->has_hit();
  CHECK((hit || ran.status == 0));
  // How it ended the engine alone can tell, when it has run already.
  CHECK((ran.status != 0 || ran.out == "ran\n"));
  CHECK((ran.status == 0 || ran.status == 137 || has(ran.err, "error[P")));
  proxy.reset();
  engine.use(world);
  CHECK(world.run({"gc"}).status == 0);
  CHECK(engine.containers().empty());
  CHECK(engine.mounts_below(world.root()).empty());
  CHECK(eventually([&] { return residue(world).empty(); }));
  CHECK(read_text(world.project() / "work.txt") == "precious\n");
  return hit;
}

}  // namespace

TEST_CASE("guest image: every request of a launch is spoiled, and nothing is left",
          "[engine][guest][image][fault]") {
  NEEDS_GVISOR(engine);
  const Guests maker(*engine);
  const TestImage image(maker, *engine, kName);
  for (const char* fault : {"kill", "kill-behind", "error", "cut"}) {
    for (int number = 1; is_hit_and_cleared(*engine, fault, number);) {
      ++number;
    }
  }
}

TEST_CASE("guest image: it runs proved, with the files of /etc that are the sandbox's",
          "[engine][guest][image]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const TestImage image(world, *engine, kName);
  guest_profile(world, "small", kName);
  image_profile(world, "shared", kName);
  world.write(world.project() / "file", "from the project\n");
  const Ran ran = world.shell(
      "cat file; id -u; cat /etc/hosts /etc/hostname /etc/passwd; echo made >new; "
      "echo x >/etc/passwd || echo x >/new",
      "small");
  CAPTURE(ran.err);
  CHECK(ran.out ==
        "from the project\n1000\n127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
        "127.0.1.1 sandbox\nsandbox\nroot:x:0:0:root:/nonexistent:/usr/sbin/nologin\n"
        "sandbox:x:1000:1000::/home/sandbox:/bin/sh\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
  CHECK(has(ran.err, "cannot create /etc/passwd: "));
  CHECK(has(ran.err, "cannot create /new: "));
  CHECK(read_text(world.project() / "new") == "made\n");
  const auto found = verdicts(world, "small");
  CHECK(found.count("rootfs.image") == 1);
  CHECK(found == verdicts(world, "shared"));
  CHECK(engine->containers().empty());
  CHECK(residue(world).empty());
}

TEST_CASE("guest image: it is entered and verified, with a volume of its own",
          "[engine][guest][image][volume]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const TestImage image(world, *engine, kName);
  world.profile("small", std::string(Guests::kGuest) + "[image]\nreference = \"" + kName +
                             "\"\n[[mounts]]\ntype = \"volume\"\nvolume = \"cache\"\n"
                             "target = \"/cache\"\n");
  const Ran up = world.run({"run", "-d", "--name", "box", "small", "--", "sh", "-c",
                            "echo kept >/cache/file; echo done >done; sleep 1000"});
  CAPTURE(up.err);
  REQUIRE(up.status == 0);
  REQUIRE(eventually([&] { return std::filesystem::exists(world.project() / "done"); }));
  const Ran entered = world.run(
      {"exec", "box", "--", "sh", "-c", "id -u; cat /cache/file done; echo more >/cache/other"});
  CAPTURE(entered.err);
  CHECK(entered.out == "1000\nkept\ndone\n");
  const Ran verified = world.run({"verify", "box"});
  CAPTURE(verified.err);
  CHECK(verified.status == 0);
  CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  CHECK(world.run({"volume", "rm", "--yes", "cache"}).status == 0);
  CHECK(engine->containers().empty());
  CHECK(engine->mounts_below(world.root()).empty());
}

TEST_CASE("guest image: what it says of itself changes nothing", "[engine][guest][image]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const TestImage image(world, *engine, kName);
  world.write(world.root() / "other/accounts",
              "root:x:0:0::/:/bin/sh\n1000:x:0:0::/:/bin/sh\nnode:x:1000:0::/:/bin/sh\n"
              "daemon:x:1:1::/:/bin/sh\n");
  world.write(world.root() / "other/groups", "root:x:0:1000,node\nwheel:x:10:node,1000,sandbox\n");
  world.write(world.root() / "other/theirs", "theirs\n");
  const std::string hostile =
      "COPY accounts /etc/passwd\nCOPY groups /etc/group\nCOPY theirs /data/theirs\n"
      "RUN chmod 4755 /bin/id\nENTRYPOINT [\"/bin/touch\", \"/tmp/entered\"]\nUSER 0:0\n"
      "WORKDIR /evil\nSTOPSIGNAL SIGKILL\nLABEL io.paddock.instance=0000000000000000\n"
      "ENV EVIL=1 PATH=/evil LD_PRELOAD=/evil.so\n";
  build(world, *engine, hostile + "VOLUME /data /bin\n");
  guest_profile(world, "other", kOther);
  const Ran covered = world.run({"run", "other", "--", "/bin/id"});
  CHECK(covered.status == 127);  // its programs are where it wants a volume
  build(world, *engine, hostile + "VOLUME /data\n");
  const Ran ran = world.shell(
      "id -u; id -g; id -G; cat /etc/passwd /etc/group; env; echo /tmp/* /data/*; "
      "touch /data/x 2>/dev/null || echo denied",
      "other");
  CAPTURE(ran.out, ran.err);
  CHECK(
      ran.out.starts_with("1000\n1000\n1000\nroot:x:0:0:root:/nonexistent:/usr/sbin/nologin\n"
                          "sandbox:x:1000:1000::/home/sandbox:/bin/sh\n"
                          "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
                          "daemon:x:1:1::/:/bin/sh\nroot:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n"
                          "wheel:x:10:node,1000,sandbox\n"));
  CHECK(has(ran.out, "PATH=/usr/local/bin:/usr/bin:/bin\n"));
  CHECK(has(ran.out, "/tmp/* /data/*\ndenied\n"));
  for (const char* sign : {"EVIL", "/evil", "entered", "theirs"}) {
    CHECK_FALSE(has(ran.out, sign));
  }
  CHECK(engine->volumes().empty());
  CHECK(engine->containers().empty());
  CHECK(world.run({"image", "rm", kOther, "-b", engine->id}).status == 0);
}

TEST_CASE("guest image: one static program and nothing else runs proved",
          "[engine][guest][image]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const TestImage image(world, *engine, "localhost/paddock-test/bare:1", {PADDOCK_HELLO});
  guest_profile(world, "bare", "localhost/paddock-test/bare:1");
  const Ran ran = world.run({"run", "bare", "--", "paddock-test-hello"});
  CAPTURE(ran.err);
  CHECK(ran.status == 5);
  CHECK(ran.out == "hello from uid 1000\n");
}

TEST_CASE(
    "guest image: accounts that are a link are refused, and a volume around the sandbox's own",
    "[engine][guest][image][error]") {
  NEEDS_GVISOR(engine);
  const Guests world(*engine);
  const TestImage image(world, *engine, kName);
  guest_profile(world, "other", kOther);
  std::filesystem::create_directories(world.root() / "other/etc");
  std::filesystem::create_symlink("/elsewhere/passwd", world.root() / "other/etc/passwd");
  build(world, *engine, "COPY etc /etc\n");
  const Ran linked = world.shell("echo ran", "other");
  CAPTURE(linked.err);
  CHECK(linked.status == 125);
  CHECK(linked.out.empty());
  CHECK(
      has(linked.err, "mount '/elsewhere/passwd': expected declared or vetted, seen not declared"));
  build(world, *engine, "VOLUME /home\n");
  const Ran wide = world.shell("echo ran", "other");
  CAPTURE(wide.err);
  CHECK(wide.status == 125);
  CHECK(
      has(wide.err, "the image wants a volume at '/home', around or in a mount of the sandbox\n"));
  CHECK(engine->containers().empty());
  CHECK(world.run({"image", "rm", kOther, "-b", engine->id}).status == 0);
}
