// CASES.md section FS, on bubblewrap: the file system. Each denial has its control beside it.
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

const std::string kFolders =
    "extends = ['base']\n[process]\ncwd = '/workspace'\n[workspace]\nroot = '${cwd}'\n"
    "[workspace.folders]\nimports = 'ro'\nexports = 'rw'\n";

struct FoldersWorld : World {
  explicit FoldersWorld(uid_t user) : World(user) {
    write(project() / "imports/in.txt", "handed in\n");
    write(project() / "exports/out.txt", "taken out\n");
    profile("folders", kFolders);
  }
};

}  // namespace

TEST_CASE("FS01: only declared mounts, all private, and nothing on them grants anything",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran info = world.shell("cat /proc/self/mountinfo");
    CHECK(info.out.find(" /workspace ") != std::string::npos);
    CHECK(info.out.find("shared:") == std::string::npos);
    CHECK(info.out.find("master:") == std::string::npos);
    CHECK(info.out.find(world.home().string()) == std::string::npos);
  }
  if (::geteuid() != 0) {
    return;  // set-user-ID programs and devices take root to make
  }
  const World world;
  const auto id = world.project() / "setuid-id";
  std::filesystem::copy_file("/usr/bin/id", id);
  ::chmod(id.c_str(), 04755);
  REQUIRE(::mknod((world.project() / "null").c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0);
  const Ran ran =
      world.shell("./setuid-id -u; cat ./null && echo opened; cat /dev/null && echo control");
  CHECK(ran.out.rfind("0\n", 0) != 0);
  CHECK(ran.out.find("opened") == std::string::npos);
  CHECK(ran.out.find("control") != std::string::npos);
}

TEST_CASE("FS02: home, /etc secrets and sibling projects are absent", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.write(world.home() / ".ssh/id_ed25519", "canary-home\n");
    world.write(world.root() / "sibling/secret.txt", "canary-sibling\n");
    world.write(world.project() / "mine.txt", "canary-project\n");
    const Ran ran =
        world.shell("cat '" + (world.home() / ".ssh/id_ed25519").string() + "'; cat '" +
                    (world.root() / "sibling/secret.txt").string() +
                    "'; cat ../secret.txt; cat /etc/shadow; ls -A \"$HOME\"; cat mine.txt; "
                    "grep -rl canary / 2>/dev/null --exclude-dir=proc --exclude-dir=sys "
                    "--exclude-dir=usr --exclude-dir=lib | sort");
    CHECK(ran.out == "canary-project\n/workspace/mine.txt\n");
  }
}

TEST_CASE("FS03: imports cannot be written, exports can", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const FoldersWorld world(user);
    const Ran ran = world.shell(
        "cat imports/in.txt; touch imports/new 2>&1; echo x >> imports/in.txt; mount -o remount,rw "
        "/workspace/imports 2>/dev/null && echo remounted; echo written > exports/new.txt && cat "
        "exports/new.txt",
        "folders");
    CHECK(ran.out.find("handed in\n") == 0);
    CHECK(ran.out.find("Read-only file system") != std::string::npos);
    CHECK(ran.out.find("remounted") == std::string::npos);
    CHECK(ran.out.find("written\n") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(world.project() / "imports/new"));
    CHECK(read_text(world.project() / "imports/in.txt") == "handed in\n");
    CHECK(read_text(world.project() / "exports/new.txt") == "written\n");
  }
}

TEST_CASE("FS06: a missing source is an error and is not created", "[integration][case]") {
  const World world;
  const auto missing = world.root() / "missing";
  world.profile("mounts", "[[mounts]]\ntype = 'bind'\nsource = '" + missing.string() +
                              "'\ntarget = '/mnt/data'\n");
  const Ran ran = world.run({"run", "mounts", "--", "true"});
  INFO(ran.err);
  CHECK(ran.status == 125);
  CHECK(ran.err.find("error[P0134]") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(missing));
}

TEST_CASE("FS07, FS10: system sources and targets are refused", "[integration][case]") {
  const World world;
  for (const std::string source : {"/", "/etc", "/root", "/proc", "/sys", "/dev", "/run"}) {
    CAPTURE(source);
    world.profile("bad",
                  "[[mounts]]\ntype = 'bind'\nsource = '" + source + "'\ntarget = '/mnt/x'\n");
    const Ran ran = world.run({"run", "bad", "--", "true"});
    CHECK(ran.status == 125);
    CHECK(ran.err.find("error[P0133]") != std::string::npos);
  }
  for (const std::string target : {"/", "/proc", "/etc/passwd", "/mnt/../etc"}) {
    CAPTURE(target);
    world.profile("bad", "[[mounts]]\ntype = 'bind'\nsource = '" + world.home().string() +
                             "'\ntarget = '" + target + "'\n");
    const Ran ran = world.run({"run", "bad", "--", "true"});
    INFO(ran.err);
    CHECK(ran.status == 125);
    CHECK((ran.err.find("error[P0133]") != std::string::npos ||
           ran.err.find("error[P0114]") != std::string::npos));
  }
}

TEST_CASE("FS11, FS13: links that the work plants are never followed", "[integration][case]") {
  NEEDS_SANDBOXES();
  const World world;
  world.write(world.root() / "outside/keep.txt", "sentinel\n");
  const std::string outside = (world.root() / "outside").string();
  CHECK(world
            .run({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                  "ln -s '" + outside + "' link; ln -s '" + outside +
                      "/keep.txt' file; "
                      "ln -s '" +
                      world.state().string() + "' state; mkdir -p a/b; ln -s ../.. a/b/up"})
            .status == 0);
  for (const char* verb : {"gc", "ps", "doctor"}) {
    (void)world.run({verb});
  }
  CHECK(world.run({"receipt", "box"}).status == 0);
  CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
  CHECK(read_text(world.root() / "outside/keep.txt") == "sentinel\n");
  CHECK(std::filesystem::is_symlink(world.project() / "link"));
}

TEST_CASE("FS16: kernel paths are empty or denied", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran ran = world.shell(
        "for f in /proc/kcore /proc/keys /proc/timer_list; do head -c 100 $f 2>/dev/null; done; "
        "ls -A /sys/firmware 2>/dev/null; echo b 2>/dev/null > /proc/sysrq-trigger && echo sysrq; "
        "for f in /proc/sys/kernel/hostname /proc/sys/vm/swappiness; do "
        "(echo 1 > $f) 2>/dev/null && echo wrote $f; done; echo 1 > /tmp/control && cat "
        "/tmp/control /proc/sys/vm/swappiness");
    CHECK(ran.out.rfind("1\n", 0) == 0);
    CHECK(ran.out.find("wrote") == std::string::npos);
    CHECK(ran.out.find("sysrq") == std::string::npos);
    CHECK(ran.out.size() > 2);
  }
}

TEST_CASE("FS17: what the work writes into the folder is never executed by the host's verbs",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  const World world;
  const std::string trap = "touch '" + (world.root() / "home/executed").string() + "'\n";
  for (const char* file :
       {".envrc", ".env", ".paddock/profile.toml", "paddock.toml", ".git/hooks/post-checkout",
        "profiles/quickstart.toml", "quickstart.toml", "lib/paddock/plugins/evil/manifest.toml"}) {
    world.write(world.project() / file, "#!/bin/sh\n" + trap);
    std::filesystem::permissions(world.project() / file, std::filesystem::perms::all);
  }
  world.write(world.project() / ".git/config",
              "[core]\n\tfsmonitor = \"" + trap.substr(0, trap.size() - 1) + "\"\n");
  CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
  for (const std::vector<std::string>& verb :
       std::vector<std::vector<std::string>>{{"ps"},
                                             {"gc"},
                                             {"doctor"},
                                             {"plan", "quickstart"},
                                             {"profile", "list"},
                                             {"plugin", "list"},
                                             {"receipt", "box"}}) {
    (void)world.run(verb);
  }
  CHECK_FALSE(std::filesystem::exists(world.home() / "executed"));
}
