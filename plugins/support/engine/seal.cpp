#include "support/engine/seal.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "support/engine/idmap.hpp"
#include "support/engine/request.hpp"
#include "support/host_mounts.hpp"
#include "support/host_root.hpp"
#include "support/lent_memory.hpp"
#include "support/small_file.hpp"
#include "support/unique_fd.hpp"

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

namespace paddock::engine {
namespace {

// The engine's own, of which a sandbox needs none; the image has the files of /etc.
constexpr std::array kUnwanted = {
    "/sys",          "/dev/mqueue", "/dev/shm",   "/etc/resolv.conf", "/run/.containerenv",
    "/etc/hostname", "/etc/hosts",  kSocketTarget};

constexpr const char* kConsole = "/dev/console";

enum class Action { kHarden, kDetach, kMap, kGive };

struct Change {
  Action action = Action::kHarden;
  std::string target;
  std::uint64_t attributes = 0;
  std::optional<contract::FileIdentity> identity = std::nullopt;  ///< of kMap: what is pinned
};

// Shared with the child, which runs in lent memory: where it failed.
struct Outcome {
  const char* step = nullptr;
  const char* path = "";
  int error = 0;
  Action action = Action::kHarden;
};

bool is_unwanted(const std::string& target, const contract::Plan& plan) {
  return !plan.mounts.contains(target) &&
         std::any_of(kUnwanted.begin(), kUnwanted.end(),
                     [&](const char* path) { return support::is_within(target, path); });
}

/// What is not the plan's is read-only, but for the places where the kernel itself decides.
std::uint64_t attributes_of(const std::string& target, const contract::Plan& plan) {
  std::uint64_t attributes = MOUNT_ATTR_NOSUID;
  if (target != "/dev") {  // its nodes have to open
    attributes |= MOUNT_ATTR_NODEV;
  }
  const auto mount = plan.mounts.find(target);
  if (mount == plan.mounts.end() && target != "/proc" && target != "/dev/pts") {
    attributes |= MOUNT_ATTR_RDONLY;
  }
  if (mount != plan.mounts.end() && !mount->second.executable) {
    attributes |= MOUNT_ATTR_NOEXEC;
  }
  return attributes;
}

Change change_of(const std::string& target, const contract::Plan& plan) {
  const std::uint64_t attributes = attributes_of(target, plan);
  const auto mount = plan.mounts.find(target);
  if (mount == plan.mounts.end()) {
    return {Action::kHarden, target, attributes};
  }
  if (mount->second.type == contract::MountType::kBind) {
    return {Action::kMap, target, attributes, mount->second.identity};
  }
  return {mount->second.purpose == "home" ? Action::kGive : Action::kHarden, target, attributes};
}

std::vector<Change> changes_for(pid_t pid, const contract::Plan& plan) {
  std::vector<Change> changes;
  for (const std::string& target : support::read_mounts(pid).points) {
    if (std::find(kUnwanted.begin(), kUnwanted.end(), target) != kUnwanted.end() &&
        !plan.mounts.contains(target)) {
      changes.push_back({Action::kDetach, target});  // with what is below it
    } else if (!is_unwanted(target, plan)) {
      changes.push_back(change_of(target, plan));
    }
  }
  return changes;
}

bool set_attributes(int at, const char* path, std::uint64_t attributes, int mapping) {
  mount_attr wanted{attributes, 0, MS_PRIVATE, 0};
  if (mapping >= 0) {
    wanted.attr_set |= MOUNT_ATTR_IDMAP;
    wanted.userns_fd = static_cast<__u64>(mapping);
  }
  return ::syscall(SYS_mount_setattr, at, path, AT_EMPTY_PATH, &wanted, sizeof wanted) == 0;
}

/// The engine went by the path, which may have led elsewhere by then.
bool is_pinned(int fd, const std::optional<contract::FileIdentity>& identity) {
  struct stat found {};
  const bool same = identity && ::fstat(fd, &found) == 0 && found.st_dev == identity->device &&
                    found.st_ino == identity->inode;
  errno = same ? errno : ESTALE;
  return same;
}

/// A mount can be given a mapping only before it is attached: it is replaced by a copy.
bool map_ids(const Change& change, int mapping) {
  const char* const target = change.target.c_str();
  const int copy = static_cast<int>(
      ::syscall(SYS_open_tree, AT_FDCWD, target, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  return copy >= 0 && is_pinned(copy, change.identity) &&
         set_attributes(copy, "", change.attributes, mapping) &&
         ::syscall(SYS_umount2, target, MNT_DETACH) == 0 &&
         ::syscall(SYS_move_mount, copy, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

bool perform(const Change& change, const contract::User& user, int mapping) {
  const char* const target = change.target.c_str();
  switch (change.action) {
    case Action::kDetach:
      return ::syscall(SYS_umount2, target, MNT_DETACH) == 0;
    case Action::kMap:
      return map_ids(change, mapping);
    case Action::kGive:
      if (::chown(target, user.uid, user.gid) != 0) {
        return false;
      }
      break;
    case Action::kHarden:
      break;
  }
  return set_attributes(AT_FDCWD, target, change.attributes, -1);
}

/// Nothing where `terminal` is none.
bool show_terminal(int terminal) {
  if (terminal < 0) {
    return true;
  }
  const int place = ::open(kConsole, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  return place >= 0 && ::close(place) == 0 &&  // what is open for writing does not get read-only
         ::syscall(SYS_move_mount, terminal, "", AT_FDCWD, kConsole, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

struct Descriptors {
  int mount_ns, mapping, terminal;
};

void work(Outcome& outcome,
          const Descriptors& fds,
          const contract::User& user,
          const std::vector<Change>& changes) {
  if (::setns(fds.mount_ns, CLONE_NEWNS) != 0) {
    outcome = {"join the mount namespace at", "/", errno};
    return;
  }
  if (!show_terminal(fds.terminal)) {
    outcome = {"show the terminal at", kConsole, errno};
    return;
  }
  for (const Change& change : changes) {
    if (!perform(change, user, fds.mapping)) {
      outcome = {change.action == Action::kDetach ? "detach"
                 : change.action == Action::kMap  ? "map the owner of"
                 : change.action == Action::kGive ? "give away"
                                                  : "harden",
                 change.target.c_str(), errno, change.action};
      return;
    }
  }
}

Result<support::UniqueFd> open_mount_ns(pid_t pid) {
  const std::string link = "/proc/" + std::to_string(pid) + "/ns/mnt";
  support::UniqueFd fd(::open(link.c_str(), O_RDONLY | O_CLOEXEC));
  return fd ? Result<support::UniqueFd>(std::move(fd))
            : fail_errno(errno, "cannot open the container's mount namespace");
}

}  // namespace

namespace {

/// A mount of the terminal, which is paddock's own, to be shown elsewhere.
Result<support::UniqueFd> take_terminal(int terminal, const contract::User& user) {
  support::UniqueFd copy(static_cast<int>(
      ::syscall(SYS_open_tree, terminal, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
  return copy && ::fchown(terminal, user.uid, user.gid) == 0
             ? Result<support::UniqueFd>(std::move(copy))
             : fail_errno(errno, "cannot give the terminal to the workload's user");
}

Failure explained(const Outcome& outcome) {
  const std::string path = "'" + std::string(outcome.path) + "'";
  if (outcome.error == ESTALE) {
    return fail(
        ErrorCode::kBackendRefused,
        "the source of " + path + " is not what was planned: another file or folder is there now",
        "something replaces it, a running sandbox perhaps: stop that and try again");
  }
  const std::string step = outcome.step != nullptr ? outcome.step : "finish";
  Failure failure = fail_errno(outcome.error, "cannot " + step + " " + path + " in the container");
  if (outcome.action == Action::kMap) {
    failure.value().hints.push_back(
        "the file system of its source may have no idmapped mounts: take a folder on another one, "
        "or the backend 'bubblewrap'");
  }
  return failure;
}

}  // namespace

Result<void> seal(pid_t pid, const contract::Plan& plan, int terminal) {
  const auto mount_ns = open_mount_ns(pid);
  if (!mount_ns) {
    return fail_as(mount_ns);
  }
  const auto mapping = make_id_mapping(plan.process.user);
  if (!mapping) {
    return fail_as(mapping);
  }
  const auto shown = plan.process.terminal ? take_terminal(terminal, plan.process.user)
                                           : Result<support::UniqueFd>(support::UniqueFd());
  if (!shown) {
    return fail_as(shown);
  }
  const std::vector<Change> changes = changes_for(pid, plan);
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    work(outcome, {mount_ns->get(), mapping->get(), shown->get()}, plan.process.user, changes);
    return 0;
  });
  if (status < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  return outcome.step != nullptr || status != 0 ? Result<void>(explained(outcome)) : Result<void>{};
}

Result<ShownSocket> ShownSocket::show(pid_t pid, const std::string& socket) {
  auto mount_ns = open_mount_ns(pid);
  const support::UniqueFd copy(static_cast<int>(
      ::syscall(SYS_open_tree, AT_FDCWD, socket.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
  if (!mount_ns || !copy) {
    return mount_ns ? fail_errno(errno, "cannot take '" + socket + "'") : fail_as(mount_ns);
  }
  const int error = support::run_in_lent_memory([&] {
    const bool shown = ::setns(mount_ns->get(), CLONE_NEWNS) == 0 &&
                       ::syscall(SYS_move_mount, copy.get(), "", AT_FDCWD, kSocketTarget,
                                 MOVE_MOUNT_F_EMPTY_PATH) == 0;
    return shown ? 0 : errno;
  });
  if (error != 0) {
    return fail_errno(error > 0 ? error : errno, "cannot show a socket in the container");
  }
  return ShownSocket(std::move(*mount_ns));
}

ShownSocket::~ShownSocket() {
  if (mount_ns_) {
    support::run_in_lent_memory([&] {
      return ::setns(mount_ns_.get(), CLONE_NEWNS) == 0
                 ? static_cast<int>(::syscall(SYS_umount2, kSocketTarget, MNT_DETACH))
                 : 1;
    });
  }
}

}  // namespace paddock::engine
