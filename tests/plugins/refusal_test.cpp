// What the backend says when it cannot: whole texts.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "paddock/contract/protections.hpp"
#include "rig.hpp"
#include "support/catch.hpp"
#include "support/pinned.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

namespace fs = std::filesystem;
using namespace paddock;
using namespace paddock::test;

namespace {

std::string text_of(const Error& error) {
  std::string text = error.what;
  for (const std::string& line : error.context) {
    text += "\ncontext: " + line;
  }
  for (const std::string& line : error.hints) {
    text += "\nhint: " + line;
  }
  return text;
}

std::string why(const contract::Plan& plan,
                const std::string& path,
                const std::string& id = "bubblewrap") {
  LoadedPlugin backend(id);
  const auto reply = backend.call<contract::PrepareReply>(
      "prepare", contract::PrepareRequest{plan, new_instance(), "/nonexistent"});
  if (!reply) {
    return text_of(reply.error());
  }
  for (const contract::Answer& answer : reply->answers) {
    if (answer.path == path) {
      return answer.why;
    }
  }
  return "no answer";
}

/// `source` at `target`, for this process alone.
bool mount_over(const fs::path& source, const char* target) {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount(source.c_str(), target, nullptr, MS_BIND, nullptr) == 0;
}

constexpr const char* kFirst = "/usr/local/bin";  // looked into before /usr/bin

/// What the backend says of the bwrap in `folder`.
std::string probed(const TempDir& folder) {
  return in_child([&]() -> std::string {
    if (!mount_over(folder.path(), kFirst)) {
      return "cannot mount";
    }
    LoadedPlugin backend("bubblewrap");
    const auto probe = backend.call<contract::ProbeReply>("probe", contract::Empty{});
    return probe->available ? "available" : probe->reason + "\nremedy: " + probe->remedy;
  });
}

// A namespace in which root may make no further one.
std::string without_user_namespaces(const std::function<std::string()>& body) {
  return in_child([&]() -> std::string {
    const int uid = static_cast<int>(::getuid());
    if (::unshare(CLONE_NEWUSER) != 0) {
      return "cannot unshare";
    }
    const auto write = [](const char* path, const std::string& text) {
      const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
      const bool done = ::write(fd, text.data(), text.size()) > 0;
      ::close(fd);
      return done;
    };
    if (!write("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1") ||
        !write("/proc/sys/user/max_user_namespaces", "0")) {
      return "cannot forbid";
    }
    return body();
  });
}

}  // namespace

TEST_CASE("engines: a kept capability would be real outside, and is refused", "[engine][error]") {
  contract::Plan plan = strict_plan();
  plan.security.capabilities = {"CAP_NET_RAW"};
  for (const char* id : {"docker", "podman"}) {
    CAPTURE(id);
    if (!fs::exists(PADDOCK_BUILD_DIR "/lib/paddock/plugins/" + std::string(id))) {
      PADDOCK_SKIP("a library that the engines need is missing here");
    }
    const auto reason = [&] { return why(plan, "/security/capabilities", id); };
    const std::string as_ordinary = "it would be a way to your subordinate ids";
    if (::geteuid() == 0) {
      CHECK(reason() == "it would be one in the host's user namespace");
      CHECK(as_user(12345, reason) == as_ordinary);
    } else {
      CHECK(reason() == as_ordinary);
    }
  }
}

TEST_CASE("bubblewrap: an absent program names the package", "[bubblewrap][error]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("mounting needs root");
  }
  const TempDir path;
  fs::copy("/usr/bin/bwrap", path / "bwrap");
  const std::string text = in_child([&] {
    ::setenv("PATH", path.path().c_str(), 1);  // not asked: a sandbox may be able to write there
    if (!mount_over("/dev/null", "/usr/bin/bwrap")) {
      return std::string("cannot mount");
    }
    Box box(strict_plan());
    const auto created = box.create();
    const auto probe = box.backend.call<contract::ProbeReply>("probe", contract::Empty{});
    return (created ? "created" : text_of(created.error())) + "\nprobe: " + probe->reason +
           (probe->available ? "available" : "") + "\n" + std::to_string(probe->protections.size());
  });
  CHECK(text ==
        "the program 'bwrap' is in none of the system's directories\n"
        "hint: install the package 'bubblewrap': apt install bubblewrap, or dnf install "
        "bubblewrap\n"
        "probe: the program 'bwrap' is in none of the system's directories\n" +
            std::to_string(std::size(contract::kProtections)));
}

TEST_CASE("bubblewrap: forbidden user namespaces name the switch", "[bubblewrap][error]") {
  const std::string text = without_user_namespaces([] {
    Box box(strict_plan());
    const auto created = box.create();
    const auto probe = box.backend.call<contract::ProbeReply>("probe", contract::Empty{});
    return (created ? "created" : text_of(created.error())) + "\nprobe: " + probe->reason +
           "\nremedy: " + probe->remedy;
  });
  CHECK(text ==
        "bwrap could not build the sandbox: a sandbox takes 2 user namespaces, and "
        "user.max_user_namespaces is 0\n"
        "context: bwrap: Creating new namespace failed: nesting depth or "
        "/proc/sys/user/max_*_namespaces exceeded (ENOSPC)\n"
        "hint: as root: sysctl user.max_user_namespaces=15000\n"
        "probe: a sandbox takes 2 user namespaces, and user.max_user_namespaces is 0\n"
        "remedy: as root: sysctl user.max_user_namespaces=15000");
}

TEST_CASE("bubblewrap: in a chroot doctor and the launch say the same", "[bubblewrap][error]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("changing the root needs root");
  }
  const std::string text = in_child([]() -> std::string {
    // In a mount namespace that ends with this child; nothing may ever clear this directory away.
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("/", "/mnt", nullptr, MS_BIND | MS_REC, nullptr) != 0) {
      return "cannot mount";
    }
    LoadedPlugin before("bubblewrap");
    const auto control = before.call<contract::ProbeReply>("probe", contract::Empty{});
    if (!control->available || ::chroot("/mnt") != 0 || ::chdir("/") != 0) {
      return "cannot change the root";
    }
    Box box(strict_plan());
    const auto created = box.create();
    const auto probe = box.backend.call<contract::ProbeReply>("probe", contract::Empty{});
    Error error = created ? Error() : created.error();
    error.context.clear();  // bwrap's own words differ between distributions
    std::string told = text_of(error);
    told += "\nprobe: " + probe->reason + "\nremedy: " + probe->remedy;
    return told;
  });
  CHECK(text ==
        "bwrap could not build the sandbox: the kernel refuses a user namespace: Operation not "
        "permitted\n"
        "hint: a chroot or a container's seccomp filter does this: run paddock outside of it, or "
        "let the container make user namespaces\n"
        "probe: the kernel refuses a user namespace: Operation not permitted\n"
        "remedy: a chroot or a container's seccomp filter does this: run paddock outside of it, "
        "or let the container make user namespaces");
}

TEST_CASE("bubblewrap: a bwrap that is privileged or does not tell its version is refused",
          "[bubblewrap][error]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("mounting needs root");
  }
  const TempDir folder;
  const std::string program = folder / "bwrap";
  std::filesystem::copy("/usr/bin/bwrap", program);
  CHECK(probed(folder) == "available");  // the control
  std::filesystem::permissions(program, std::filesystem::perms::set_uid,
                               std::filesystem::perm_options::add);
  CHECK(probed(folder) ==
        "'/usr/local/bin/bwrap' is setuid root, so its sandboxes cannot be entered or checked\n"
        "remedy: chmod u-s '/usr/local/bin/bwrap', and allow user namespaces");
  std::filesystem::permissions(program, std::filesystem::perms::set_uid,
                               std::filesystem::perm_options::remove);
  // struct vfs_cap_data: revision 2, then two pairs of permitted and inheritable.
  const std::uint32_t capabilities[5] = {0x02000000, 1u << 21, 0, 0, 0};
  if (::setxattr(program.c_str(), "security.capability", capabilities, sizeof capabilities, 0) ==
      0) {
    CHECK(probed(folder) ==
          "'/usr/local/bin/bwrap' has file capabilities, so its sandboxes cannot be entered or "
          "checked\nremedy: setcap -r '/usr/local/bin/bwrap', and allow user namespaces");
  }
  std::filesystem::remove(program);
  write_text(program, "#!/bin/sh\nexec /usr/bin/bwrap \"$@\"\n");
  std::filesystem::permissions(program, std::filesystem::perms::all);
  CHECK(probed(folder) ==
        "'/usr/local/bin/bwrap' does not tell its version, and bubblewrap 0.8 or later is needed\n"
        "remedy: put bwrap itself there, not a wrapper");
}

TEST_CASE("bubblewrap: bwrap's own words are the context of a failure", "[bubblewrap][error]") {
  contract::Plan plan = strict_plan();
  plan.mounts["/etc/passwd/below"] = plan.mounts["/tmp"];
  Box box(plan);
  const auto created = box.create();
  REQUIRE_FALSE(created.has_value());
  CHECK(created.error().code == ErrorCode::kBackendRefused);
  CHECK(text_of(created.error()) ==
        "bwrap could not build the sandbox\n"
        "context: bwrap: Can't create file /etc/passwd: Is a directory");
}

TEST_CASE("bubblewrap: only the pinned source is mounted", "[bubblewrap][integration][error]") {
  const TempDir dir;
  const fs::path root = fs::canonical(dir.path());
  write_text(root / "work/name", "work\n");
  write_text(root / "other/name", "other\n");
  fs::permissions(root, fs::perms::owner_all | fs::perms::others_exec | fs::perms::group_exec);
  contract::Plan plan = strict_plan();
  contract::Mount& mount = plan.mounts["/workspace"];
  mount.source = (root / "work").string();
  const auto refusal = [&] {
    Box box(plan);
    const auto created = box.create();
    return created ? "created" : text_of(created.error());
  };
  const std::string start =
      "the source of '/workspace' is not what was planned: '" + mount.source + "': ";
  const std::string hint =
      "\nhint: something replaces it, a running sandbox perhaps: stop that and try again";
  CHECK(refusal() == start + "the plan does not pin it" + hint);
  mount.identity = identity_at(mount.source);
  CHECK(run_in_sandbox(plan, "cat /workspace/name").output == "work\n");
  fs::rename(root / "work", root / "moved");
  CHECK(refusal() == start + "No such file or directory" + hint);
  fs::create_directory_symlink("moved", root / "work");
  CHECK(refusal() == start + "a part of it is a link now" + hint);
  fs::remove(root / "work");
  fs::rename(root / "other", root / "work");
  CHECK(refusal() == start + "another file or folder is there now" + hint);
}

TEST_CASE("bubblewrap: a bwrap that cannot bind a descriptor is too old", "[bubblewrap][error]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("mounting needs root");
  }
  const TempDir folder;
  const auto told = [&](const std::string& bytes) {
    write_text(folder / "bwrap", bytes);
    fs::permissions(folder / "bwrap", fs::perms::owner_all);
    return probed(folder);
  };
  const std::string version("bubblewrap 0.8.0\0", 17);
  CHECK(told(version) ==
        "'/usr/local/bin/bwrap' is bubblewrap 0.8.0 without --bind-fd: a folder could be swapped "
        "while it is mounted (CVE-2024-42472)\nremedy: upgrade the package 'bubblewrap', to "
        "0.8.0-2+deb12u1 on Debian 12");
  CHECK_FALSE(contains(told(version + "--bind-fd FD DEST"), "--bind-fd"));
  CHECK(told(std::string("bubblewrap 0.7.0\0", 17) + "--bind-fd FD DEST") ==
        "'/usr/local/bin/bwrap' is bubblewrap 0.7.0, and 0.8 or later is needed\n"
        "remedy: upgrade the package 'bubblewrap'");
}

TEST_CASE("bubblewrap: what it cannot do is refused with a reason", "[bubblewrap][error]") {
  contract::Plan plan = strict_plan();
  plan.network.mode = contract::NetworkMode::kBridge;
  plan.rootfs.type = contract::RootfsType::kImage;
  plan.rootfs.image = "debian:12";
  plan.isolation = contract::Isolation::kVm;
  plan.process.user.uid = 0;
  plan.resources.disk_bytes = 1000;
  CHECK(why(plan, "/network/mode") == "bubblewrap has no network but loopback; use mode 'none'");
  CHECK(why(plan, "/rootfs/type") == "bubblewrap runs the host's own programs, not images");
  CHECK(why(plan, "/isolation") == "bubblewrap shares the host's kernel");
  CHECK(why(plan, "/process/user/uid") == "the workload would be root inside");
  CHECK(why(plan, "/resources/disk_bytes") == "the sizes of the tmpfs mounts add up to more");
  CHECK(why(strict_plan(), "/network/mode").empty());
}

TEST_CASE("bubblewrap: a network that nothing leaves is loopback, and another is refused",
          "[bubblewrap][error]") {
  contract::Plan plan = strict_plan();
  plan.network.mode = contract::NetworkMode::kIsolated;
  plan.network.egress = contract::Egress::kNone;
  CHECK(why(plan, "/network/mode").empty());
  CHECK(why(plan, "/network/egress").empty());
  plan.network.egress = contract::Egress::kUnrestricted;
  plan.network.publish["127.0.0.1:80/tcp"] = {"127.0.0.1", 80, 80};
  CHECK(why(plan, "/network/egress") ==
        "bubblewrap has no network but loopback; use egress 'none'");
  CHECK(why(plan, "/network/publish/127.0.0.1:80~1tcp") ==
        "nothing gets into a network with egress 'none'");
}

TEST_CASE("bubblewrap: prepare answers every leaf and makes nothing", "[bubblewrap]") {
  contract::Plan plan = strict_plan();
  plan.resources = {64 << 20, 500, 20, 64 << 20, {"cpus"}};
  if (::geteuid() != 0) {  // where a normal user may make no cgroup, nothing limits CPU time
    plan.resources.cpus_milli.reset();
  }
  plan.security.rlimits = {{"nofile", 100}};
  LoadedPlugin backend("bubblewrap");
  const auto reply = backend.call<contract::PrepareReply>(
      "prepare", contract::PrepareRequest{plan, new_instance(), "/nonexistent"});
  REQUIRE(reply.has_value());
  for (const contract::Answer& answer : reply->answers) {
    INFO(answer.path << ": " << answer.why);
    CHECK(answer.status != contract::AnswerStatus::kNotEnforced);
    CHECK_FALSE(answer.mechanism.empty());
  }
  for (const contract::ExternalObject& object : reply->objects) {
    CHECK(::access(object.id.c_str(), F_OK) != 0);
  }
}
