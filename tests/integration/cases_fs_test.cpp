// CASES.md section FS, on bubblewrap: the file system. Each denial has its control beside it.
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <regex>
#include <set>
#include <sstream>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

const std::string kFolders =
    "extends = ['base']\n[process]\ncwd = '/workspace'\n[workspace]\nroot = '${cwd}'\n"
    "[workspace.folders]\nimports = 'ro'\nexports = 'rw'\n";

/// Every "/proc/..." that the shipped base profile names in `list`, of this kernel.
std::set<std::string> kernel_paths(const std::string& list) {
  const std::string text = read_text(std::string(PADDOCK_SOURCE_DIR) + "/profiles/base.toml");
  const auto begin = text.find("\n" + list + " = [");
  const std::string names = text.substr(begin, text.find(']', begin) - begin);
  const std::regex quoted("\"(/proc/[^\"]+)\"");
  std::set<std::string> paths;
  for (std::sregex_iterator at(names.begin(), names.end(), quoted), end; at != end; ++at) {
    if (std::filesystem::exists((*at)[1].str())) {
      paths.insert((*at)[1]);
    }
  }
  return paths;
}

std::set<std::string> targets_of(const std::string& mountinfo) {
  std::set<std::string> targets;
  std::istringstream lines(mountinfo);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string id, parent, device, root, target;
    fields >> id >> parent >> device >> root >> target;
    targets.insert(target);
  }
  return targets;
}

/// All mounts of a sandbox of the profile quickstart on this machine.
std::set<std::string> expected_targets() {
  std::set<std::string> targets = {"/",           "/usr",          "/.paddock/gate", "/proc",
                                   "/dev",        "/dev/null",     "/dev/zero",      "/dev/full",
                                   "/dev/random", "/dev/urandom",  "/dev/tty",       "/dev/pts",
                                   "/dev/shm",    "/home/sandbox", "/tmp",           "/workspace"};
  std::vector<std::string> of_host = {"/bin",
                                      "/sbin",
                                      "/lib",
                                      "/lib32",
                                      "/lib64",
                                      "/libx32",
                                      "/etc/alternatives",
                                      "/etc/ssl/certs",
                                      "/etc/fonts",
                                      "/etc/terminfo",
                                      "/etc/pki/tls/certs",
                                      "/etc/pki/ca-trust/extracted",
                                      "/etc/crypto-policies"};
  for (const auto& entry : std::filesystem::directory_iterator("/etc")) {
    const std::string name = entry.path().filename();
    if (name.starts_with("java-") && name.ends_with("-openjdk")) {
      of_host.push_back(entry.path());
    }
  }
  for (const std::string& path : of_host) {
    if (std::filesystem::is_directory(std::filesystem::symlink_status(path))) {
      targets.insert(path);
    }
  }
  for (const char* list : {"masked_paths", "read_only_paths"}) {
    targets.merge(kernel_paths(list));
  }
  return targets;
}

struct FoldersWorld : World {
  explicit FoldersWorld(uid_t user) : World(user) {
    write(project() / "imports/in.txt", "handed in\n");
    write(project() / "exports/out.txt", "taken out\n");
    profile("folders", kFolders);
  }
};

}  // namespace

TEST_CASE("FS01: only declared mounts and the backend's, all private", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran info = world.shell("cat /proc/self/mountinfo");
    CHECK(info.out.find("shared:") == std::string::npos);
    CHECK(info.out.find("master:") == std::string::npos);
    CHECK(info.out.find(world.home().string()) == std::string::npos);
    CHECK(targets_of(info.out) == expected_targets());
  }
}

TEST_CASE("FS01: a device in the workspace gives nothing", "[integration][case]") {
  NEEDS_SANDBOXES();
  if (::geteuid() != 0) {
    return;  // it takes root to make one; set-user-ID programs: CP02
  }
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const auto node = world.project() / "null";
    REQUIRE(::mknod(node.c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0);
    REQUIRE(::chmod(node.c_str(), 0666) == 0);
    CHECK(world.outside("cat ./null && echo opened").out == "opened\n");  // the control
    const Ran ran = world.shell("cat ./null && echo opened; cat /dev/null && echo control");
    CHECK(ran.out == "control\n");
    CHECK(ran.err.find("./null: Permission denied") != std::string::npos);
  }
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
  const std::map<std::string, std::string> targets = {
      {"/", "it is the root of the sandbox"},
      {"/proc", "it is part of the sandbox's system"},
      {"/etc/passwd", "it is part of the sandbox's system"},
      {"/mnt/../etc", "it holds '..'"}};
  const auto plan = [&](const std::string& target) {
    world.profile("bad", "[[mounts]]\ntype = 'bind'\nsource = '" + world.project().string() +
                             "'\ntarget = '" + target + "'\n");
    return world.run({"plan", "bad"});
  };
  for (const auto& [target, why] : targets) {
    CAPTURE(target);
    const Ran ran = plan(target);
    CHECK(ran.status == 4);
    CHECK(ran.err.find("error[P0133]: nothing may be mounted at '" + target + "': " + why + "\n") !=
          std::string::npos);
  }
  const Ran control = plan("/mnt/x");
  CHECK(control.err.find("error[P0133]") == std::string::npos);
  CHECK(control.out.find("/mnt/x") != std::string::npos);
}

TEST_CASE("FS07: no sandbox writes the paddock that started it", "[integration][case]") {
  NEEDS_SANDBOXES();
  World world;
  const auto inst = world.project() / "inst";
  const std::filesystem::path build = PADDOCK_BUILD_DIR;
  for (const char* part :
       {"bin/paddock", "libexec/paddock/paddock-gate", "lib/paddock/plugins/bubblewrap",
        "lib/paddock/plugins/baseline", "share/paddock/profiles"}) {
    std::filesystem::create_directories((inst / part).parent_path());
    std::filesystem::copy(build / part, inst / part, std::filesystem::copy_options::recursive);
  }
  const auto refusal = [&](const std::filesystem::path& held) {
    return "error[P0133]: no sandbox may write '" + world.project().string() + "': it holds '" +
           held.string() + "', which paddock itself runs from\n";
  };
  const std::string attack =
      "printf x >> inst/lib/paddock/plugins/baseline/libbaseline.so; echo ran";
  world.program = inst / "bin/paddock";
  const Ran inside = world.shell(attack);
  CHECK(inside.status == 125);
  CHECK(inside.err.find(refusal(inst / "bin/paddock")) != std::string::npos);
  CHECK(inside.out.empty());
  world.program.reset();  // what is only a copy is a file like any other
  CHECK(world.shell("echo ran").out == "ran\n");
  world.write(world.root() / "config/paddock/host.toml",
              "plugin_directories = ['" + (world.project() / "mine").string() + "']\n");
  CHECK(world.shell("echo ran").err.find(refusal(world.project() / "mine")) != std::string::npos);
}

TEST_CASE("FS11, FS13: links that the work plants are never followed", "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    world.write(world.root() / "outside/keep.txt", "sentinel\n");
    const std::string outside = (world.root() / "outside").string();
    Started box =
        world.start({"run", "--name", "box", "quickstart", "--", "sh", "-c",
                     "ln -s '" + outside + "' link; ln -s '" + outside +
                         "/keep.txt' file; ln -s '" + world.state().string() +
                         "' state; mkdir -p a/b; ln -s ../.. a/b/up; echo ready; sleep 1000; :"});
    REQUIRE(box.await_output("ready"));
    CHECK(world.outside("cat link/keep.txt file").out == "sentinel\nsentinel\n");  // the control
    CHECK(world.run({"verify", "box"}).status == 0);
    const Ran entered = world.run(
        {"exec", "box", "sh", "-c", "cat link/keep.txt file; ls state/sandboxes; echo x > file"});
    CHECK(entered.out.empty());
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    for (const char* verb : {"gc", "ps", "doctor"}) {
      (void)world.run({verb});
    }
    CHECK(world.run({"receipt", "box"}).status == 0);
    CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
    CHECK(read_text(world.root() / "outside/keep.txt") == "sentinel\n");
    CHECK(std::filesystem::is_symlink(world.project() / "link"));
  }
}

TEST_CASE("FS13: a folder with a mount of its own inside is refused", "[integration][case]") {
  NEEDS_SANDBOXES();
  if (::geteuid() != 0) {
    return;  // it takes root to mount
  }
  for (const uid_t user : users()) {
    CAPTURE(user);
    World world(user);
    world.write(world.project() / "inner/file", "below the mount\n");
    CHECK(world.shell("cat inner/file").out == "below the mount\n");  // the control
    const std::string inner = (world.project() / "inner").string();
    world.in_child = [inner] {  // seen by paddock alone
      if (::unshare(CLONE_NEWNS) != 0 ||
          ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          ::mount("none", inner.c_str(), "tmpfs", 0, nullptr) != 0) {
        ::_exit(123);
      }
    };
    const Ran ran = world.shell("touch ran");
    INFO(ran.err);
    CHECK(ran.status == 125);
    CHECK(ran.err.find("'" + inner + "' is a mount of its own below '" + world.project().string() +
                       "', and would show too") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(world.project() / "ran"));
    CHECK(residue(world).empty());
  }
}

TEST_CASE("FS16: kernel paths are empty or denied", "[integration][case]") {
  NEEDS_SANDBOXES();
  std::string masked;
  for (const std::string& path : kernel_paths("masked_paths")) {
    masked += std::filesystem::is_directory(path) ? "" : path + " ";
  }
  const std::string reads = "for f in " + masked +
                            "; do test \"$(timeout 2 head -c 1 $f 2>/dev/null | wc -c)\" = 0 || "
                            "echo $f; done";
  const std::string writes =
      "for f in /proc/sys/kernel/hostname /proc/sys/vm/swappiness /proc/sysrq-trigger; do "
      "(echo 1 > $f) 2>/dev/null && echo wrote $f; done; ";
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const Ran shown = world.outside(reads);
    INFO("without a sandbox and capabilities: " << shown.out);
    CHECK(shown.out.find("/proc/key-users\n") != std::string::npos);  // the control
    CHECK((shown.out.find("/proc/slabinfo\n") != std::string::npos ||
           !std::filesystem::exists("/proc/slabinfo")) == (user == 0));
    CHECK(world.shell(reads).out.empty());
    const Ran ran = world.shell("ls -A /sys/firmware 2>/dev/null; " + writes +
                                "echo 1 > /tmp/control && cat /tmp/control; wc -c < "
                                "/proc/sys/vm/swappiness");
    CHECK(ran.out.rfind("1\n", 0) == 0);
    CHECK(ran.out.size() > 2);
    CHECK(ran.out.find("wrote") == std::string::npos);
  }
}

TEST_CASE("FS17: what the work writes into the folder is never executed by the host's verbs",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const World world(user);
    const auto executed = world.home() / "executed";
    const std::string trap = "touch '" + executed.string() + "'";
    for (const char* file : {".envrc", ".env", ".paddock/profile.toml", "paddock.toml",
                             ".git/hooks/post-checkout", "profiles/quickstart.toml",
                             "quickstart.toml", "lib/paddock/plugins/evil/manifest.toml"}) {
      world.write(world.project() / file, "#!/bin/sh\n" + trap + "\n");
      std::filesystem::permissions(world.project() / file, std::filesystem::perms::all);
    }
    world.write(world.project() / ".git/config", "[core]\n\tfsmonitor = \"" + trap + "\"\n");
    for (const char* file : {".envrc", ".git/hooks/post-checkout"}) {
      CHECK(world.outside(std::string("./") + file).status == 0);
      CHECK(std::filesystem::remove(executed));  // the control: the trap works
    }
    Started box = world.start({"run", "--name", "box", "quickstart", "--", "sleep", "1000"});
    REQUIRE(world.await_running("box"));
    for (const std::vector<std::string>& verb :
         std::vector<std::vector<std::string>>{{"verify", "box"},
                                               {"exec", "box", "true"},
                                               {"ps"},
                                               {"plan", "quickstart"},
                                               {"stop", "--grace", "0", "box"},
                                               {"gc"},
                                               {"doctor"},
                                               {"profile", "list"},
                                               {"plugin", "list"},
                                               {"receipt", "box"}}) {
      CAPTURE(verb);
      const int status = world.run(verb).status;
      CHECK((status == 0 || (status == 3 && verb.front() == "doctor")));
    }
    CHECK_FALSE(std::filesystem::exists(executed));
  }
}
