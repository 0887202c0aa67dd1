// Host paths and targets that no profile may name, however trusted: FS06, FS07, FS10.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "host/profile/world.hpp"
#include "profile/host_paths.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

namespace fs = std::filesystem;

std::string mount(const std::string& source, const std::string& target = "/data") {
  return "[[mounts]]\nsource = '" + source + "'\ntarget = '" + target + "'\n";
}

TEST_CASE("paths: system, engine and home directories are refused to everybody",
          "[profile][paths][error]") {
  const World world;
  for (const char* path :
       {"/", "/etc", "/etc/passwd", "/proc", "/proc/1", "/sys", "/dev", "/dev/null", "/run",
        "/boot", "${home}", "${home}/..", "//etc", "/usr/../etc", "${home}/project/../../home"}) {
    INFO(path);
    const auto resolved = world.resolve(world.user("mine", mount(path)));
    REQUIRE_FALSE(resolved.has_value());
    CHECK(resolved.error().code == ErrorCode::kForbiddenPath);
  }
  for (const char* path : {"/root", "/root/x", "/var/lib/docker", "/var/lib/docker/volumes",
                           "/var/lib/containers", "/var/run/docker.sock", "/run/user/1000"}) {
    INFO(path);
    CHECK(profile::why_forbidden_source(path, world.context).has_value());
  }
  CHECK(world.problem(world.user("mine", mount("/etc"))) ==
        "USER/mine.toml:3:10: error[P0133]: no profile may mount '/etc': it is a system directory\n"
        "  3 | source = '/etc'\n"
        "    |          ^^^^^^\n"
        "  hint: name a folder of the project instead\n");
}

TEST_CASE("paths: FS07 what lies in, is or holds engines' data and sockets is refused",
          "[profile][paths][error]") {
  const World world;
  const std::string home = world.context.home.string();
  const auto why = [&](const std::string& path) {
    return world.tidy(
        profile::why_forbidden_source(path, world.context).value_or("may be mounted"));
  };
  const std::string engine = ", which belongs to a container engine";
  CHECK(why("/var") == "holds '/var/lib/docker'" + engine);
  CHECK(why("/var/lib") == "holds '/var/lib/docker'" + engine);
  CHECK(why("/var/lib/docker") == "is '/var/lib/docker'" + engine);
  CHECK(why("/var/lib/docker/volumes/x") == "lies in '/var/lib/docker'" + engine);
  CHECK(why("/var/run") == "is a system directory");
  CHECK(why(home + "/.docker/run/docker.sock") == "lies in 'HOME/.docker'" + engine);
  CHECK(why(home + "/.local") == "holds 'HOME/.local/share/docker'" + engine);
  for (const std::string& path : {std::string("/var/www"), std::string("/var/lib/dockerish"),
                                  home + "/.local/src", home + "/project"}) {
    CHECK(why(path) == "may be mounted");
  }
}

TEST_CASE("paths: FS07 no sandbox writes the machine's programs, or what holds them",
          "[profile][paths][error]") {
  const World world;
  const auto may_write = [&](const char* name) {
    const std::string path = fs::weakly_canonical(name).string();
    return !profile::why_forbidden_source(path, world.context) &&
           !profile::why_never_writable(path, world.context);
  };
  for (const char* path :
       {"/", "/usr", "/usr/lib", "/usr/local/bin", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
        "/libx32", "/lib/x86_64-linux-gnu", "/boot", "/boot/grub", "/opt", "/var", "/var/lib"}) {
    INFO(path);
    CHECK_FALSE(may_write(path));
  }
  for (const char* path : {"/opt/project", "/var/www/site", "/srv", "/srv/project", "/usrlocal",
                           "/library", "/mnt/disk"}) {
    INFO(path);
    CHECK(may_write(path));
  }
  CHECK(world.problem(world.user("mine", mount("/usr/share") + "mode = 'rw'\n")) ==
        "USER/mine.toml:3:10: error[P0133]: no sandbox may write '/usr/share': it lies in '/usr', "
        "where this machine's programs are\n"
        "  3 | source = '/usr/share'\n"
        "    |          ^^^^^^^^^^^^\n"
        "  hint: change to a folder of the project, or mount it with mode \"ro\"\n");
  CHECK(world.problem(world.user("mine", mount("/usr/share") + "mode = 'ro'\n")).empty());
  CHECK(world.problem(world.user("mine", mount("/usr/share"))).empty());
}

TEST_CASE("paths: no sandbox writes what paddock runs from", "[profile][paths][error]") {
  World world;
  const fs::path install = world.context.cwd / "inst";
  write_text(install / "bin/paddock", "");
  write_text(install / "lib/paddock/plugins/baseline/libbaseline.so", "");
  fs::create_directories(world.context.cwd / "src");
  world.context.program_paths = {install / "bin/paddock", install / "lib/paddock/plugins"};
  CHECK(world.problem("quickstart") ==
        "SHIPPED/quickstart.toml:18:8: error[P0133]: no sandbox may write 'PROJECT': it holds "
        "'PROJECT/inst/bin/paddock', which paddock itself runs from\n"
        "  18 | root = \"${cwd}\"\n"
        "     |        ^^^^^^^^\n"
        "  hint: change to a folder of the project, or install paddock elsewhere\n");
  CHECK(world.problem("quickstart", {"workspace.mode=ro"}).empty());
  const std::string root = "workspace.root = '${cwd}'\nworkspace.folders.src = 'rw'\n";
  CHECK(world.problem(world.user("mine", root + "workspace.folders.inst = 'ro'\n")).empty());
  CHECK(world.tidy(world.resolve(world.user("mine", root + "workspace.folders.inst = 'rw'\n"))
                       .error()
                       .what) ==
        "no sandbox may write 'PROJECT/inst': it holds 'PROJECT/inst/bin/paddock', which paddock "
        "itself runs from");
  const std::string plugin = "${cwd}/inst/lib/paddock/plugins/baseline";
  CHECK(
      world.tidy(world.resolve(world.user("mine", mount(plugin) + "mode = 'rw'\n")).error().what) ==
      "no sandbox may write 'PROJECT/inst/lib/paddock/plugins/baseline': it lies in "
      "'PROJECT/inst/lib/paddock/plugins', which paddock itself runs from");
  CHECK(world.problem(world.user("mine", mount(plugin))).empty());
}

TEST_CASE("paths: a folder of credentials is no workspace, and may be mounted by name",
          "[profile][paths][error]") {
  World world;
  const fs::path home = world.context.home;
  for (const char* name : {".ssh/keys", ".gnupg", ".aws", ".azure", ".password-store", ".mozilla/a",
                           ".config/nvim", ".local/src"}) {
    fs::create_directories(home / name);
  }
  const auto stands_in = [&](const std::string& name) {
    world.context.cwd = home / name;
    const auto resolved = world.resolve("quickstart");
    return resolved ? "may be a workspace" : world.tidy(resolved.error().what);
  };
  // A link that leads here is no better.
  fs::create_directory_symlink(home / ".ssh", home / "keys");
  CHECK(world.problem(world.user("mine", "workspace.root = '${home}/keys'\n")) ==
        "USER/mine.toml:2:18: error[P0133]: 'HOME/.ssh' cannot be a workspace: it is 'HOME/.ssh', "
        "where passwords and keys are kept\n"
        "  2 | workspace.root = '${home}/keys'\n"
        "    |                  ^^^^^^^^^^^^^^\n"
        "  hint: change to a folder of the project; did a link lead here?\n");
  for (const char* name :
       {".ssh", ".ssh/keys", ".gnupg", ".aws", ".azure", ".password-store", ".mozilla/a"}) {
    INFO(name);
    CHECK(stands_in(name).find("where passwords and keys are kept") != std::string::npos);
  }
  CHECK(profile::why_no_workspace((home / ".config").string(), world.context) ==
        "holds '" + (home / ".config/chromium").string() + "', where passwords and keys are kept");
  for (const char* name : {".config/nvim", ".local/src", "project"}) {
    INFO(name);
    CHECK(stands_in(name) == "may be a workspace");
  }
  CHECK(world.problem(world.user("mine", mount("${home}/.ssh"))).empty());
}

TEST_CASE("paths: links are followed before the verdict", "[profile][paths]") {
  const World world;
  fs::create_symlink("/etc", world.context.cwd / "harmless");
  CHECK(world.resolve(world.user("mine", mount("${cwd}/harmless"))).error().what ==
        "no profile may mount '/etc': it is a system directory");
}

TEST_CASE("paths: what is named in the workspace stays there", "[profile][paths][error]") {
  const World world;
  const fs::path project = world.context.cwd;
  fs::create_directories(world.context.home / "papers");
  fs::create_directories(project / "data");
  fs::create_directory_symlink("data", project / "inner");
  fs::create_directory_symlink(world.context.home / "papers", project / "outer");
  const auto what = [&](const std::string& text) {
    const auto resolved = world.resolve(world.user("mine", text));
    return resolved ? "loads" : world.tidy(resolved.error().what);
  };
  const std::string root = "workspace.root = '${cwd}'\n";
  CHECK(what(root + mount("${workspace}/outer")) ==
        "the source of '/data' leads out of the workspace");
  CHECK(what(root + mount("${workspace}/inner")) == "loads");
  CHECK(what(root + mount("${home}/papers")) == "loads");
  CHECK(what("workspace.root = '${cwd}/outer'\n") ==
        "'root' in [workspace] leads out of 'PROJECT', to 'HOME/papers'");
  CHECK(what("workspace.root = '${cwd}/inner'\n") == "loads");
  CHECK(what("workspace.root = '${home}/papers'\n") == "loads");
}

TEST_CASE("paths: a folder that is a link by now is not followed", "[profile][paths][error]") {
  World world;
  fs::create_directories(world.context.home / "papers");
  world.context.cwd = world.context.cwd / "x";
  fs::create_directory(world.context.cwd);
  CHECK(world.problem("quickstart").empty());
  fs::remove(world.context.cwd);
  fs::create_directory_symlink(world.context.home / "papers", world.context.cwd);
  CHECK(world.problem("quickstart") ==
        "SHIPPED/quickstart.toml:18:8: error[P0133]: cannot reach 'PROJECT': Too many levels of "
        "symbolic links\n"
        "  18 | root = \"${cwd}\"\n"
        "     |        ^^^^^^^^\n"
        "  hint: links lead in a circle, or something puts one there, a running sandbox perhaps: "
        "stop that and try again\n");
}

TEST_CASE("paths: paddock's own directories and what holds them are refused", "[profile][paths]") {
  const World world;
  fs::create_directories(world.dir / "config/deep");
  for (const fs::path& path : {world.dir / "config", world.dir / "config/deep", world.dir.path(),
                               world.context.user_dir}) {
    INFO(path.string());
    CHECK(world.resolve(world.user("mine", mount(path.string()))).error().code ==
          ErrorCode::kForbiddenPath);
  }
}

TEST_CASE("paths: a socket is refused", "[profile][paths]") {
  const World world;
  const std::string path = (world.context.cwd / "engine.sock").string();
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  ::close(fd);
  CHECK(world.tidy(world.resolve(world.user("mine", mount(path))).error().what) ==
        "no profile may mount 'PROJECT/engine.sock': it is a socket");
}

TEST_CASE("paths: a missing source is an error and stays missing", "[profile][paths][error]") {
  const World world;
  CHECK(world.problem(world.user("mine", mount("${home}/gone"))) ==
        "USER/mine.toml:3:10: error[P0134]: 'HOME/gone' does not exist\n"
        "  3 | source = '${home}/gone'\n"
        "    |          ^^^^^^^^^^^^^^\n"
        "  hint: paddock creates nothing on the host: mkdir -p 'HOME/gone'\n");
  CHECK_FALSE(fs::exists(world.context.home / "gone"));
  CHECK(world.resolve("default").error().code == ErrorCode::kPathMissing);
  CHECK_FALSE(fs::exists(world.context.home / "paddock"));
}

TEST_CASE("paths: targets of the sandbox's own system are refused", "[profile][paths][error]") {
  const World world;
  fs::create_directories(world.context.home / "data");
  for (const char* target : {"/", "/proc", "/proc/sys", "/sys", "/dev", "/dev/shm", "/usr",
                             "/usr/bin", "/etc", "/etc/passwd", "/lib64", "/.paddock/gate",
                             "//proc", "/a/../proc", "/a/..", "relative", "", "../x"}) {
    INFO(target);
    const auto resolved = world.resolve(world.user("mine", mount("${home}/data", target)));
    REQUIRE_FALSE(resolved.has_value());
    CHECK(resolved.error().code == ErrorCode::kForbiddenPath);
  }
  CHECK(world.problem(world.user("mine", mount("${home}/data", "/etc/passwd"))) ==
        "USER/mine.toml:4:10: error[P0133]: nothing may be mounted at '/etc/passwd': it is part of "
        "the sandbox's system\n"
        "  4 | target = '/etc/passwd'\n"
        "    |          ^^^^^^^^^^^^^\n");
}

TEST_CASE("paths: the workspace is a folder of its own", "[profile][paths][error]") {
  World world;
  world.context.cwd = world.context.home;
  CHECK(world.problem("quickstart") ==
        "SHIPPED/quickstart.toml:18:8: error[P0133]: no profile may mount 'PROJECT': it is your "
        "whole home\n"
        "  18 | root = \"${cwd}\"\n"
        "     |        ^^^^^^^^\n"
        "  hint: name a folder of the project instead\n");
  world.context.cwd = "/";
  CHECK(world.resolve("quickstart").error().what ==
        "no profile may mount '/': it is the whole file system");
}

TEST_CASE("paths: a workspace folder is no link", "[profile][paths][error]") {
  const World world;
  fs::create_directories(world.context.home / "other");
  fs::create_directories(world.context.cwd / "imports");
  fs::create_symlink(world.context.home / "other", world.context.cwd / "link");
  world.user("mine", "workspace.root = '${cwd}'\nworkspace.folders.link = 'ro'");
  CHECK(world.tidy(world.resolve("mine").error().what) ==
        "the workspace folder 'link' is a link, to 'HOME/other'");
  // Nor to another folder: 'exports' would open 'imports' for writing.
  fs::create_symlink("imports", world.context.cwd / "exports");
  world.user("mine",
             "workspace.root = '${cwd}'\nworkspace.folders = { imports = 'ro', exports = 'rw' }");
  CHECK(world.problem("mine") ==
        "USER/mine.toml:3:39: error[P0133]: the workspace folder 'exports' is a link, to "
        "'PROJECT/imports'\n"
        "  3 | workspace.folders = { imports = 'ro', exports = 'rw' }\n"
        "    |                                       ^^^^^^^\n"
        "  hint: each folder stands for itself: a link could open one folder by another's mode\n");
  fs::remove(world.context.cwd / "exports");
  fs::create_directory(world.context.cwd / "exports");
  CHECK(world.problem("mine").empty());
  world.user("mine", "workspace.root = '${cwd}'\nworkspace.folders.gone = 'ro'");
  CHECK(world.resolve("mine").error().code == ErrorCode::kPathMissing);
  world.user("mine", "workspace.folders.link = 'ro'");
  CHECK(world.resolve("mine").error().what == "[workspace.folders] needs a 'root' in [workspace]");
}

TEST_CASE("paths: a workspace that is not there yet is told as one command",
          "[profile][paths][error]") {
  const World world;
  CHECK(world.problem("default") ==
        "SHIPPED/default.toml:21:8: error[P0134]: 'HOME/paddock' does not exist\n"
        "  21 | root = \"${home}/paddock\"\n"
        "     |        ^^^^^^^^^^^^^^^^^\n"
        "  hint: paddock creates nothing on the host: mkdir -p 'HOME/paddock' "
        "'HOME/paddock/Documentation' 'HOME/paddock/Projects' 'HOME/paddock/Research' "
        "'HOME/paddock/exports' 'HOME/paddock/imports' 'HOME/paddock/shared'\n");
  // A root that is there takes the place of a parent's, which is not.
  for (const char* folder :
       {"Projects", "Documentation", "Research", "shared", "imports", "exports"}) {
    fs::create_directory(world.context.cwd / folder);
  }
  world.user("child", "extends = ['default']\nworkspace.root = '${cwd}'");
  CHECK(world.value("child", "workspace.root") == "\"PROJECT\"");
  world.user("child", "extends = ['default']\nworkspace.root = '${cwd}/gone'");
  CHECK(world.tidy(world.resolve("child").error().what) == "'PROJECT/gone' does not exist");
}

TEST_CASE("paths: one place has one mount", "[profile][paths][error]") {
  const World world;
  world.user("mine", "workspace.root = '${cwd}'\n" + mount("${cwd}", "/workspace/"));
  CHECK(world.resolve("mine").error().what ==
        "a mount and the workspace's root have the target '/workspace'");
  const std::string scratch = "[[mounts]]\ntype = 'tmpfs'\ntarget = ";
  for (const char* other : {"'/data/'", "'//data/./'", "'/x/../data'", "'/${name}'"}) {
    INFO(other);
    const auto twice = world.resolve(
        world.user("mine", scratch + "'/data'\n" + scratch + "'/box'\n" + scratch + other));
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().code == ErrorCode::kDuplicate);
  }
  CHECK(world.problem(world.user("mine", scratch + "'/data'\n" + scratch + "'/data/'")) ==
        "USER/mine.toml:7:10: error[P0115]: two mounts have the target '/data'\n"
        "  7 | target = '/data/'\n"
        "    |          ^^^^^^^^\n");
  CHECK(world.problem(world.user("mine", scratch + "'/data'\n" + scratch + "'/data2'")).empty());
  world.user("mine", "[[mounts]]\ntarget = '/x'\n");
  CHECK(world.resolve("mine").error().what == "'source' is missing in [[mounts]]");
  world.user("mine", "[[mounts]]\ntarget = '/x'\nsource = 'x'\n");
  CHECK(world.resolve("mine").error().what ==
        "'source' in [[mounts]] is not an absolute path: 'x'");
  world.user("mine", "[[mounts]]\ntarget = '/x'\nsource = '/x'\ntype = 'tmpfs'\n");
  CHECK(world.resolve("mine").error().what == "a tmpfs in [[mounts]] has no 'source'");
  world.user("mine", "[[mounts]]\nsource = '/x'\n");
  CHECK(world.resolve("mine").error().what == "'target' is missing in [[mounts]]");
}

}  // namespace
}  // namespace paddock::test
