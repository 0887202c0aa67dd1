#include "support/engine/seal.hpp"

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "support/engine/changes.hpp"
#include "support/engine/idmap.hpp"
#include "support/engine/image/root_files.hpp"
#include "support/engine/pinned.hpp"
#include "support/engine/shown_files.hpp"
#include "support/engine/shown_terminal.hpp"
#include "support/lent_memory.hpp"
#include "support/mount_calls.hpp"
#include "support/mount_namespace.hpp"

namespace paddock::engine {
namespace {

// Shared with the child, which runs in lent memory: where it failed.
struct Outcome {
  const char* step = nullptr;
  const char* path = "";
  int error = 0;
};

bool set_attributes(int at, const char* path, std::uint64_t attributes, int mapping) {
  mount_attr wanted{attributes, 0, MS_PRIVATE, 0};
  if (mapping >= 0) {
    wanted.attr_set |= MOUNT_ATTR_IDMAP;
    wanted.userns_fd = static_cast<__u64>(mapping);
  }
  return support::change_mount(at, path, wanted);
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
  if (change.mode != 0 && ::chmod(target, change.mode) != 0) {
    return false;
  }
  return set_attributes(AT_FDCWD, target, change.attributes, -1);
}

constexpr const char* kMapOwner = "map the owner of";

const char* step_of(Action action, int mapping) {
  switch (action) {
    case Action::kDetach:
      return "detach";
    case Action::kBind:
      return mapping >= 0 ? kMapOwner : "harden";
    case Action::kGive:
      return "give away";
    case Action::kHarden:
      break;
  }
  return "harden";
}

/// All that is done from inside.
struct Work {
  const contract::User& user;
  std::vector<Change> changes;
  std::vector<support::MadeFile> root_files;   ///< written into the root
  std::vector<support::MadeFile> shown_files;  ///< mounted over what is there
};

/// The root is made read-only with the other changes, when they are written.
bool fill_root(Outcome& outcome, const std::vector<support::MadeFile>& files) {
  const mount_attr writable{0, MOUNT_ATTR_RDONLY, 0, 0};
  const bool open = files.empty() || support::change_mount(AT_FDCWD, "/", writable);
  const support::MadeFile* const failed = open ? write_root_files(files) : &files.front();
  if (failed != nullptr) {
    outcome = {"write", failed->target.c_str(), errno};
  }
  return failed == nullptr;
}

/// What goes, comes first.
void change_mounts(Outcome& outcome, const Work& all, int mapping) {
  bool filled = false;
  for (const Change& change : all.changes) {
    if (!filled && change.action != Action::kDetach) {
      filled = fill_root(outcome, all.root_files);
      if (!filled) {
        return;
      }
    }
    if (!perform(change, all.user, mapping)) {
      outcome = {step_of(change.action, mapping), change.target.c_str(), errno};
      return;
    }
  }
}

void work(Outcome& outcome,
          const support::MountNamespace& inside,
          const std::optional<ShownTerminal>& terminal,
          int mapping,
          const Work& all) {
  if (terminal ? !terminal->enter(inside) : !inside.enter()) {
    outcome = terminal ? Outcome{"show the terminal at", kConsole, errno}
                       : Outcome{"join the namespaces at", "/", errno};
    return;
  }
  change_mounts(outcome, all, mapping);
  if (outcome.step != nullptr) {
    return;
  }
  if (const char* const path = show_files(all.shown_files)) {
    outcome = {"show a file of paddock's at", path, errno};
  }
}

/// To `user`, unless that is the caller already: none.
Result<ShownTerminal> give_terminal(int terminal, const contract::User* user) {
  if (user != nullptr && ::fchown(terminal, user->uid, user->gid) != 0) {
    return fail_errno(errno, "cannot give the terminal to the workload's user");
  }
  return ShownTerminal::find(terminal);
}

Failure explained(const Outcome& outcome) {
  if (outcome.error == ESTALE) {
    return not_pinned(outcome.path);
  }
  const std::string path = "'" + std::string(outcome.path) + "'";
  const std::string step = outcome.step != nullptr ? outcome.step : "finish";
  Failure failure = fail_errno(outcome.error, "cannot " + step + " " + path + " in the container");
  if (outcome.step == kMapOwner) {
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
                  const std::vector<std::string>& covers,
                  bool staged) {
  const auto inside = support::MountNamespace::of(pid);
  if (!inside) {
    return fail_as(inside);
  }
  const contract::User& user = plan.process.user;
  const auto mapping = inside->has_own_users() || staged
                           ? Result<support::UniqueFd>(support::UniqueFd())
                           : make_id_mapping(user);
  if (!mapping) {
    return fail_as(mapping);
  }
  std::optional<ShownTerminal> shown;
  if (plan.process.terminal) {
    auto given = give_terminal(terminal, *mapping ? &user : nullptr);
    if (!given) {
      return fail_as(given);
    }
    shown = std::move(*given);
  }
  const Work all{user, changes_for(pid, plan, covers), root_files(pid, plan), files_to_show(plan)};
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    work(outcome, *inside, shown, mapping->get(), all);
    return 0;
  });
  if (status < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  return outcome.step != nullptr || status != 0 ? Result<void>(explained(outcome)) : Result<void>{};
}

}  // namespace paddock::engine
