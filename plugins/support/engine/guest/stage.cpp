#include "support/engine/guest/stage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "paddock/contract/mount_source.hpp"
#include "support/engine/idmap.hpp"
#include "support/engine/pinned.hpp"
#include "support/engine/shown_files.hpp"
#include "support/lent_memory.hpp"
#include "support/mount_calls.hpp"
#include "support/mount_namespace.hpp"

namespace paddock::engine {
namespace {

using contract::Mount;
using contract::MountType;

constexpr std::string_view kEtc = "/etc/";
constexpr const char* kOptions = "mode=0700,size=4m";
constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

enum class Owner { kUser, kCaller, kStranger };

Owner owner_of(const Mount& mount, const contract::User& user) {
  struct stat found {};
  if (::stat(mount.source.c_str(), &found) != 0) {
    return Owner::kUser;  // whoever opens it will tell
  }
  const auto is = [&](uid_t uid, gid_t gid) { return found.st_uid == uid && found.st_gid == gid; };
  return is(user.uid, user.gid)         ? Owner::kUser
         : is(::geteuid(), ::getegid()) ? Owner::kCaller
                                        : Owner::kStranger;
}

// Shared with the child, which runs in lent memory: where it failed.
struct Outcome {
  const char* step = nullptr;
  const char* path = "";
  int error = 0;
};

constexpr const char* kMapOwner = "show with another owner";

mount_attr mapped(int mapping) {
  return {MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0,
          MS_PRIVATE, static_cast<__u64>(mapping)};
}

/// Nothing that is mounted on it spreads to other namespaces, as it would from a shared one.
bool lay_floor(const char* directory) {
  return (::mkdir(directory, 0700) == 0 || errno == EEXIST) &&
         ::syscall(SYS_mount, "tmpfs", directory, "tmpfs", kFlags, kOptions) == 0 &&
         ::syscall(SYS_mount, nullptr, directory, nullptr, MS_PRIVATE, nullptr) == 0;
}

/// Something to mount on.
bool make_place(const char* path, int source) {
  struct stat found {};
  if (::fstat(source, &found) != 0) {
    return false;
  }
  if (S_ISDIR(found.st_mode)) {
    return ::mkdir(path, 0700) == 0;
  }
  const int file = ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return file >= 0 && ::close(file) == 0;
}

bool write_at(const StagedFile& staged, int flags) {
  const std::string& content = staged.file.content;
  const int file = ::open(staged.place.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0644);
  return file >= 0 && ::fchmod(file, 0644) == 0 &&
         ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
         ::close(file) == 0;
}

/// With `flags` of open(2).
Outcome write_files(const Stage& stage, int flags) {
  for (const StagedFile& staged : stage.files) {
    if (!write_at(staged, flags)) {
      return {"write", staged.file.target.c_str(), errno};
    }
  }
  return {};
}

bool show(const StagedMount& mount, int mapping) {
  const int source = contract::open_mount_source(mount.source);
  if (source < 0 || !is_pinned(source, mount.identity)) {
    return false;
  }
  const int copy = support::copy_opened_mount(source);
  return copy >= 0 && support::change_mount(copy, "", mapped(mapping)) &&
         make_place(mount.place.c_str(), source) &&
         support::attach_mount(copy, mount.place.c_str());
}

Outcome work(const support::MountNamespace& there, const Stage& stage, int mapping) {
  if (!there.enter()) {
    return {"join the engine's mounts for", stage.directory.c_str(), errno};
  }
  if (!lay_floor(stage.directory.c_str())) {
    return {"mount a tmpfs at", stage.directory.c_str(), errno};
  }
  for (const StagedMount& mount : stage.mounts) {
    if (!show(mount, mapping)) {
      return {kMapOwner, mount.target.c_str(), errno};
    }
  }
  return write_files(stage, O_CREAT | O_EXCL);
}

Failure explained(const Outcome& outcome) {
  if (outcome.error == ESTALE) {
    return not_pinned(outcome.path);
  }
  return fail_errno(outcome.error,
                    "cannot " + std::string(outcome.step) + " '" + outcome.path + "'");
}

/// Tried on a copy that is attached nowhere.
bool can_be_mapped(const std::string& source, const contract::User& user) {
  const auto mapping = make_id_mapping(user, Maker::kServer);
  const support::UniqueFd opened(contract::open_mount_source(source));
  const support::UniqueFd copy(opened ? support::copy_opened_mount(opened.get()) : -1);
  return mapping && copy && support::change_mount(copy.get(), "", mapped(mapping->get()));
}

}  // namespace

const std::string* Stage::place_of(const std::string& target) const {
  const auto found = std::find_if(mounts.begin(), mounts.end(),
                                  [&](const StagedMount& mount) { return mount.target == target; });
  return found != mounts.end() ? &found->place : nullptr;
}

std::string stage_directory(const std::string& runtime_dir) {
  return runtime_dir + "/stage";
}

Stage plan_stage(const contract::Plan& plan, const std::string& runtime_dir) {
  Stage stage{stage_directory(runtime_dir)};
  for (const auto& [target, mount] : plan.mounts) {
    if (mount.type != MountType::kTmpfs && owner_of(mount, plan.process.user) == Owner::kCaller) {
      const std::string place = stage.directory + "/" + std::to_string(stage.mounts.size());
      stage.mounts.push_back({target, mount.source, mount.identity, place});
    }
  }
  for (support::MadeFile& file : files_to_bring(plan)) {
    const std::string place = stage.directory + "/" + file.target.substr(kEtc.size());
    stage.files.push_back({std::move(file), place});
  }
  return stage;
}

Result<void> put_up(const Stage& stage, pid_t engine, const contract::User& user) {
  const auto mapping = make_id_mapping(user, Maker::kServer);
  const auto there = mapping ? support::MountNamespace::of(engine) : fail_as(mapping);
  if (!there) {
    return fail_as(there);
  }
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    outcome = work(*there, stage, mapping->get());
    return 0;
  });
  if (status == 0 && outcome.step == nullptr) {
    return {};
  }
  Failure failure = status == 0 ? explained(outcome) : fail_errno(errno, "cannot start a process");
  (void)take_down(stage.directory, engine).has_value();
  return failure;
}

Result<void> write_again(const Stage& stage, pid_t engine) {
  const auto there = support::MountNamespace::of(engine);
  if (!there) {
    return fail_as(there);
  }
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    outcome = there->enter() ? write_files(stage, O_TRUNC)
                             : Outcome{"join the engine's mounts for", "", errno};
    return 0;
  });
  if (status != 0) {
    return fail_errno(errno, "cannot start a process");
  }
  return outcome.step == nullptr ? Result<void>{} : Result<void>(explained(outcome));
}

Result<void> take_down(const std::string& directory, pid_t engine) {
  const auto there = support::MountNamespace::of(engine);
  if (!there) {
    return fail_as(there);
  }
  int error = 0;
  const int status = support::run_in_lent_memory([&] {
    if (!there->enter() || !support::detach_mount(directory.c_str())) {
      error = errno;
    }
    ::rmdir(directory.c_str());  // only what is empty, and nothing is mounted on
    return 0;
  });
  const bool gone = error == 0 || error == EINVAL || error == ENOENT;  // no mount, no place for one
  return status == 0 && gone ? Result<void>{}
                             : fail_errno(status == 0 ? error : errno,
                                          "cannot take down the mounts at '" + directory + "'");
}

std::string foreign_owner(const Mount& mount, const contract::User& user) {
  const Owner owner = owner_of(mount, user);
  if (owner == Owner::kUser || (owner == Owner::kStranger && mount.read_only) ||
      (owner == Owner::kCaller && can_be_mapped(mount.source, user))) {
    return "";
  }
  return "'" + mount.source + "' is " +
         (owner == Owner::kCaller ? "on a file system without idmapped mounts"
                                  : "neither yours nor user " + std::to_string(user.uid) + "'s") +
         ": give it to user " + std::to_string(user.uid) + ", or set process.uid and process.gid";
}

}  // namespace paddock::engine
