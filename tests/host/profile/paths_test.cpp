// Host paths and targets that no profile may name, however trusted: FS06, FS07, FS10.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "host/profile/world.hpp"
#include "profile/host_paths.hpp"
#include "support/catch.hpp"

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

TEST_CASE("paths: links are followed before the verdict", "[profile][paths]") {
  const World world;
  fs::create_symlink("/etc", world.context.cwd / "harmless");
  CHECK(world.resolve(world.user("mine", mount("${cwd}/harmless"))).error().what ==
        "no profile may mount '/etc': it is a system directory");
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
