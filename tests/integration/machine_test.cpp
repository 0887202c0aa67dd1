// A machine that is not as it should be: full or read-only disks, no HOME, odd umasks.
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

/// A small tmpfs over the state directory while it lives; root only.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path at, const std::string& options) : at_(std::move(at)) {
    mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) {
      ::umount2(at_.c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  void make_read_only() const {
    ::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr);
  }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("machine: a full disk under the state directory refuses the launch and leaves nothing",
          "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const SmallDisk disk(world.root() / "state", "size=64k,mode=0700");
  if (!disk.mounted()) {
    PADDOCK_SKIP("mounting a small disk takes root");
  }
  std::string filler(48 << 10, 'x');
  int refused = 0;
  for (; filler.size() > 1024; filler.resize(filler.size() - 2048)) {
    std::filesystem::remove_all(world.state());
    try {
      world.write(world.root() / "state/filler", filler);
    } catch (const std::exception&) {
      continue;
    }
    const Ran ran = world.run({"run", "quickstart", "--", "touch", "ran"});
    const bool there = std::filesystem::exists(world.project() / "ran");
    CAPTURE(filler.size(), ran.err);
    if (ran.status == 0) {
      CHECK(there);
      break;
    }
    CHECK(ran.status == 125);
    CHECK_FALSE(there);
    CHECK(ran.err.find("No space left on device") != std::string::npos);
    CHECK(residue(world) == std::vector<std::string>{"a mount"});  // the small disk itself
    ++refused;
  }
  CHECK(refused > 0);
}

TEST_CASE("machine: a read-only state directory refuses the launch", "[integration]") {
  const World world;
  const SmallDisk disk(world.root() / "state", "size=64k,mode=0700");
  if (!disk.mounted()) {
    PADDOCK_SKIP("mounting a small disk takes root");
  }
  disk.make_read_only();
  const Ran ran = world.run({"run", "quickstart", "--", "touch", "ran"});
  CHECK(ran.status == 125);
  CHECK(ran.err.find("Read-only file system") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
  CHECK(world.run({"ps"}).status == 0);
}

TEST_CASE("machine: a state directory that others may enter is refused", "[integration]") {
  const World world;
  std::filesystem::create_directories(world.state() / "sandboxes");
  ::chmod(world.state().c_str(), 0755);
  ::chmod((world.state() / "sandboxes").c_str(), 0755);
  const Ran ran = world.run({"run", "quickstart", "--", "true"});
  CHECK(ran.status == 125);
  CHECK(ran.err.find("other users may enter it") != std::string::npos);
}

TEST_CASE("machine: works without HOME and with an empty environment", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  const std::string state = world.environment["XDG_STATE_HOME"];
  world.environment = {{"XDG_STATE_HOME", state}};
  const Ran ran = world.run({"run", "quickstart", "--", "echo", "ran"});
  INFO(ran.err);
  CHECK(ran.status == 0);
  CHECK(ran.out == "ran\n");
}

TEST_CASE("machine: state is private whatever the umask", "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  world.in_child = [] { ::umask(0); };
  CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
  for (const char* path : {"", "ended", "ended/box"}) {
    CHECK((std::filesystem::status(world.state() / path).permissions() &
           std::filesystem::perms(077)) == std::filesystem::perms::none);
  }
  for (const auto& entry : std::filesystem::directory_iterator(world.state() / "ended/box")) {
    CHECK((entry.status().permissions() & std::filesystem::perms(077)) ==
          std::filesystem::perms::none);
  }
}

TEST_CASE("SE09: another user reads and changes nothing of the state, whatever the umask",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  if (users().size() < 2) {
    PADDOCK_SKIP("only root can try as a second user");
  }
  for (const uid_t user : users()) {
    CAPTURE(user);
    World world(user);
    const World other(user + 1);
    world.in_child = [] { ::umask(0); };
    CHECK(world.run({"run", "--name", "gone", "quickstart", "--", "true"}).status == 0);
    const Started box = world.start({"run", "--name", "box", "quickstart", "--", "sleep", "1000"});
    REQUIRE(world.await_running("box"));
    // The last file that a launch writes, under another name first.
    REQUIRE(eventually(
        [&] { return std::filesystem::exists(world.state() / "sandboxes/box/receipt.json"); }));
    std::string folders, files, read;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(world.state())) {
      (entry.is_directory() ? folders : files) += " " + entry.path().string();
      read += entry.is_regular_file() ? entry.path().string() + "\n" : "";
    }
    const std::string try_all = "for f in" + files + "; do cat <$f >/dev/null && echo $f; done; ";
    const std::string change_all = "for d in" + folders +
                                   "; do ls $d; : >$d/planted && echo $d; done; " + "for f in" +
                                   files + "; do : >>$f && echo $f; done";
    CHECK(world.outside(try_all).out == read);  // the control
    CHECK(other.outside(try_all + change_all).out.empty());
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  }
}
