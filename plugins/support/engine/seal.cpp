#include "support/engine/seal.hpp"

#include <sched.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "support/engine/changes.hpp"
#include "support/engine/idmap.hpp"
#include "support/engine/mount_ns.hpp"
#include "support/engine/root_files.hpp"
#include "support/lent_memory.hpp"

namespace paddock::engine {
namespace {

constexpr const char* kConsole = "/dev/console";

// Shared with the child, which runs in lent memory: where it failed.
struct Outcome {
  const char* step = nullptr;
  const char* path = "";
  int error = 0;
  Action action = Action::kHarden;
};

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
  const int copy = copy_mount(AT_FDCWD, target);
  return copy >= 0 && is_pinned(copy, change.identity) &&
         set_attributes(copy, "", change.attributes, mapping) && detach_mount(target) &&
         attach_mount(copy, target);
}

bool perform(const Change& change, const contract::User& user, int mapping) {
  const char* const target = change.target.c_str();
  switch (change.action) {
    case Action::kDetach:
      return detach_mount(target);
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
  if (change.mode != 0 && ::chmod(target, change.mode) != 0) {
    return false;
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
         attach_mount(terminal, kConsole);
}

struct Descriptors {
  int mount_ns, mapping, terminal;
};

/// All that is done from inside.
struct Work {
  const contract::User& user;
  std::vector<Change> changes;
  std::vector<support::MadeFile> files;
};

/// The root is hardened with the rest, when they are written.
bool fill_root(Outcome& outcome, const std::vector<support::MadeFile>& files) {
  mount_attr writable{0, MOUNT_ATTR_RDONLY, 0, 0};
  const bool open = files.empty() ||
                    ::syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &writable, sizeof writable) == 0;
  const support::MadeFile* const failed = open ? write_root_files(files) : &files.front();
  if (failed != nullptr) {
    outcome = {"write", failed->target.c_str(), errno};
  }
  return failed == nullptr;
}

void work(Outcome& outcome, const Descriptors& fds, const Work& all) {
  if (::setns(fds.mount_ns, CLONE_NEWNS) != 0) {
    outcome = {"join the mount namespace at", "/", errno};
    return;
  }
  if (!show_terminal(fds.terminal)) {
    outcome = {"show the terminal at", kConsole, errno};
    return;
  }
  bool filled = false;
  for (const Change& change : all.changes) {
    if (!filled && change.action != Action::kDetach) {  // those come first
      filled = fill_root(outcome, all.files);
      if (!filled) {
        return;
      }
    }
    if (!perform(change, all.user, fds.mapping)) {
      outcome = {change.action == Action::kDetach ? "detach"
                 : change.action == Action::kMap  ? "map the owner of"
                 : change.action == Action::kGive ? "give away"
                                                  : "harden",
                 change.target.c_str(), errno, change.action};
      return;
    }
  }
}

/// A mount of the terminal, which is paddock's own, to be shown elsewhere.
Result<support::UniqueFd> take_terminal(int terminal, const contract::User& user) {
  support::UniqueFd copy(copy_mount(terminal, ""));
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

Result<void> seal(pid_t pid,
                  const contract::Plan& plan,
                  int terminal,
                  const std::vector<std::string>& covers) {
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
  const Work all{plan.process.user, changes_for(pid, plan, covers), root_files(pid, plan)};
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    work(outcome, {mount_ns->get(), mapping->get(), shown->get()}, all);
    return 0;
  });
  if (status < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  return outcome.step != nullptr || status != 0 ? Result<void>(explained(outcome)) : Result<void>{};
}

}  // namespace paddock::engine
