#include "support/engine/seal.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "support/engine/changes.hpp"
#include "support/engine/idmap.hpp"
#include "support/lent_memory.hpp"
#include "support/mount_calls.hpp"
#include "support/mount_namespace.hpp"

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

/// Whoever took a file by its path may have been led elsewhere.
bool is_pinned(int fd, const std::optional<contract::FileIdentity>& identity) {
  struct stat found {};
  const bool same = identity && ::fstat(fd, &found) == 0 && found.st_dev == identity->device &&
                    found.st_ino == identity->inode;
  errno = same ? errno : ESTALE;
  return same;
}

/// A mount can be given a mapping only before it is attached: it is replaced by a copy. Without a
/// mapping, the engine has made one for all of the container.
bool bind(const Change& change, int mapping) {
  const char* const target = change.target.c_str();
  if (mapping < 0) {
    const int place = ::open(target, O_PATH | O_CLOEXEC);
    return place >= 0 && is_pinned(place, change.identity) &&
           set_attributes(place, "", change.attributes, -1);
  }
  const int copy = support::copy_mount(target);
  return copy >= 0 && is_pinned(copy, change.identity) &&
         set_attributes(copy, "", change.attributes, mapping) && support::detach_mount(target) &&
         support::attach_mount(copy, target);
}

bool perform(const Change& change, const contract::User& user, int mapping) {
  const char* const target = change.target.c_str();
  switch (change.action) {
    case Action::kDetach:
      return support::detach_mount(target);
    case Action::kBind:
      return bind(change, mapping);
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

/// The terminal that is to be shown inside: paddock's own. Empty: none.
struct Terminal {
  std::string path;
  contract::FileIdentity identity;
};

Result<Terminal> find_terminal(int fd) {
  std::array<char, 64> path{};
  struct stat found {};
  if (const int error = ::ttyname_r(fd, path.data(), path.size()); error != 0) {
    return fail_errno(error, "cannot find the terminal of the workload");
  }
  if (::fstat(fd, &found) != 0) {
    return fail_errno(errno, "cannot look at the terminal of the workload");
  }
  return Terminal{path.data(), {found.st_dev, found.st_ino}};
}

bool enter_with(const support::MountNamespace& inside, const Terminal& terminal) {
  if (terminal.path.empty()) {
    return inside.enter();
  }
  int copy = -1;
  if (!inside.enter_with(terminal.path.c_str(), copy) || !is_pinned(copy, terminal.identity)) {
    return false;
  }
  const int place = ::open(kConsole, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  return place >= 0 && ::close(place) == 0 &&  // what is open for writing does not get read-only
         support::attach_mount(copy, kConsole);
}

void work(Outcome& outcome,
          const support::MountNamespace& inside,
          const Terminal& terminal,
          int mapping,
          const contract::User& user,
          const std::vector<Change>& changes) {
  if (!enter_with(inside, terminal)) {
    outcome = terminal.path.empty() ? Outcome{"join the namespaces at", "/", errno}
                                    : Outcome{"show the terminal at", kConsole, errno};
    return;
  }
  for (const Change& change : changes) {
    if (!perform(change, user, mapping)) {
      outcome = {change.action == Action::kDetach ? "detach"
                 : change.action == Action::kBind ? "map the owner of"
                 : change.action == Action::kGive ? "give away"
                                                  : "harden",
                 change.target.c_str(), errno, change.action};
      return;
    }
  }
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
  if (outcome.action == Action::kBind) {
    failure.value().hints.push_back(
        "the file system of its source may have no idmapped mounts: take a folder on another one, "
        "or the backend 'bubblewrap'");
  }
  return failure;
}

}  // namespace

Result<void> seal(pid_t pid, const contract::Plan& plan, int terminal) {
  const auto inside = support::MountNamespace::of(pid);
  if (!inside) {
    return fail_as(inside);
  }
  const contract::User& user = plan.process.user;
  const auto shown = plan.process.terminal ? find_terminal(terminal) : Result<Terminal>(Terminal{});
  if (!shown) {
    return fail_as(shown);
  }
  const auto mapping = inside->has_own_users() ? Result<support::UniqueFd>(support::UniqueFd())
                                               : make_id_mapping(user);
  if (!mapping) {
    return fail_as(mapping);
  }
  // With users of its own, the caller is the workload's user already.
  if (plan.process.terminal && *mapping && ::fchown(terminal, user.uid, user.gid) != 0) {
    return fail_errno(errno, "cannot give the terminal to the workload's user");
  }
  const std::vector<Change> changes = changes_for(pid, plan);
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    work(outcome, *inside, *shown, mapping->get(), user, changes);
    return 0;
  });
  if (status < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  return outcome.step != nullptr || status != 0 ? Result<void>(explained(outcome)) : Result<void>{};
}

}  // namespace paddock::engine
