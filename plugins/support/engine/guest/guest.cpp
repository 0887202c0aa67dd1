#include "support/engine/guest/guest.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "paddock/contract/leaves.hpp"
#include "support/engine/guest/stage.hpp"
#include "support/engine/image/root_files.hpp"
#include "support/engine/pinned.hpp"
#include "support/engine/request.hpp"
#include "support/engine/shown_files.hpp"
#include "support/host_mounts.hpp"
#include "support/lent_memory.hpp"
#include "support/mount_calls.hpp"
#include "support/mount_namespace.hpp"

namespace paddock::engine {
namespace {

using contract::Mount;
using contract::MountType;
using contract::Plan;

/// With fewer the sentry ends on the first load.
constexpr std::uint32_t kFewestTasks = 128;

/// A mount of the gofer's, and what has to be so.
struct Wanted {
  std::string target;
  std::uint64_t attributes = 0;
  std::uint64_t cleared = 0;
  const Mount* declared = nullptr;  ///< the plan's
};

std::vector<Wanted> wanted_mounts(pid_t pid, const Plan& plan) {
  std::vector<Wanted> list;
  for (const std::string& target : support::read_mounts(pid).points) {
    const auto found = plan.mounts.find(target);
    Wanted wanted{target, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, nullptr};
    if (found != plan.mounts.end()) {
      wanted.declared = &found->second;
      wanted.attributes |= found->second.executable ? 0 : MOUNT_ATTR_NOEXEC;
    }
    if (found == plan.mounts.end() || found->second.read_only) {
      wanted.attributes |= MOUNT_ATTR_RDONLY;
    } else {
      wanted.cleared = MOUNT_ATTR_RDONLY;  // a staged one is read-only until now
    }
    list.push_back(std::move(wanted));
  }
  return list;
}

bool harden(const Wanted& wanted) {
  const mount_attr attributes{wanted.attributes, wanted.cleared, MS_PRIVATE, 0};
  const support::UniqueFd place(::open(wanted.target.c_str(), O_PATH | O_CLOEXEC));
  return place &&
         (wanted.declared == nullptr || is_pinned(place.get(), wanted.declared->identity)) &&
         support::change_mount(place.get(), "", attributes);
}

int open_root(pid_t pid) {
  const std::string link = "/proc/" + std::to_string(pid) + "/root";
  return ::open(link.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool is_file(int fd) {
  struct stat found {};
  return ::fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

bool make_raw(int terminal) {
  termios settings{};
  if (::tcgetattr(terminal, &settings) != 0) {
    return false;
  }
  ::cfmakeraw(&settings);
  return ::tcsetattr(terminal, TCSANOW, &settings) == 0;
}

void answer_guest_mount(sdk::Answers& answers,
                        const std::string& target,
                        const Mount& mount,
                        const contract::User& user) {
  const std::string leaf = "/mounts/" + contract::escape_pointer(target);
  if (mount.type == MountType::kBind) {  // a volume's place is the caller's, as the proof sees
    if (const std::string why = foreign_owner(mount, user); !why.empty()) {
      answers.refuse(leaf, why);
    }
  }
}

}  // namespace

bool is_guest(const Runtime& runtime) {
  return !runtime.name.empty() && level_of(runtime) == contract::Isolation::kUserKernel;
}

void answer_in_guest(sdk::Answers& answers, const Plan& plan) {
  for (const auto& [target, mount] : plan.mounts) {
    answer_guest_mount(answers, target, mount, plan.process.user);
  }
  if (plan.network.mode != contract::NetworkMode::kNone) {
    answers.refuse("/network/mode",
                   "this version gives a kernel in user space no network; use mode 'none'");
  }
  if (plan.resources.pids.value_or(kFewestTasks) < kFewestTasks) {
    // Not the limit's leaf: a profile may let that one go.
    answers.refuse("/isolation",
                   "gVisor's kernel alone has some 50 threads: set resources.pids to " +
                       std::to_string(kFewestTasks) + " or more");
  }
  answers.enforce("/security/masked_paths", "gVisor's own /proc, without them");
  answers.enforce("/security/read_only_paths", "gVisor's own /proc, which root alone can write");
}

std::vector<contract::EngineMount> guest_mounts(const Plan& plan, const support::HostRoot& root) {
  std::vector<contract::EngineMount> mounts = {{"/", "", "overlay", true},
                                               {"/proc", "", "proc", false},
                                               {"/sys", "", "tmpfs", true},
                                               {"/dev", "", "tmpfs", false},
                                               {"/dev/pts", "", "devpts", false}};
  for (const auto& [source, target] : root.binds) {
    mounts.push_back({target, source, "", true});
  }
  for (const support::MadeFile& file : files_to_bring(plan)) {
    mounts.push_back({file.target, "", "tmpfs", true});
  }
  return mounts;
}

std::string guest_owner(const contract::User& user, const Mount& mount) {
  return mount.purpose == "home"
             ? ",uid=" + std::to_string(user.uid) + ",gid=" + std::to_string(user.gid)
             : "";
}

Result<void> prepare_streams(const contract::GateSpec& gate, bool terminal) {
  if (terminal && !make_raw(gate.stdin_fd)) {
    return fail_errno(errno, "cannot set the terminal's mode");
  }
  if (is_file(gate.stdin_fd) && ::lseek(gate.stdin_fd, 0, SEEK_CUR) > 0) {
    return fail(
        ErrorCode::kUnsupported,
        "standard input is a file that is read in part already, and gVisor would begin anew",
        "give it by a pipe");
  }
  for (const int fd : {gate.stdout_fd, gate.stderr_fd}) {
    if (is_file(fd) && ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_APPEND) != 0) {
      return fail_errno(errno, "cannot append to the file that is standard output");
    }
  }
  return {};
}

Result<void> bring_accounts(pid_t pid, Stage stage, pid_t engine) {
  const auto inside = support::MountNamespace::of(pid);
  if (!inside) {
    return fail_as(inside);
  }
  const support::UniqueFd root(open_root(pid));
  std::vector<support::MadeFile> files;
  for (StagedFile& staged : stage.files) {
    files.push_back(std::move(staged.file));
  }
  if (auto added = add_accounts(files, *inside, root.get()); !added) {
    return added;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    stage.files[i].file = std::move(files[i]);
  }
  return write_again(stage, engine);
}

Result<void> seal_guest(pid_t pid, const Plan& plan) {
  const auto inside = support::MountNamespace::of(pid);
  if (!inside) {
    return fail_as(inside);
  }
  const support::UniqueFd root(open_root(pid));
  const std::vector<Wanted> list = wanted_mounts(pid, plan);
  const char* failed = nullptr;
  int error = 0;
  const int status = support::run_in_lent_memory([&] {
    // Its root is a directory of its namespace, and its mounts are told from there.
    if (!inside->enter() || ::fchdir(root.get()) != 0 || ::chroot(".") != 0) {
      failed = "/";
      error = errno;
    }
    for (std::size_t i = 0; i < list.size() && failed == nullptr; ++i) {
      if (!harden(list[i])) {
        failed = list[i].target.c_str();
        error = errno;
      }
    }
    return 0;
  });
  if (status == 0 && failed == nullptr) {
    return {};
  }
  if (error == ESTALE) {
    return not_pinned(failed);
  }
  return fail_errno(error, "cannot harden '" + std::string(failed != nullptr ? failed : "/") +
                               "' in the container");
}

Failure explain_guest(Error error) {
  error.hints.push_back(
      "gVisor lets a container connect to a socket of the host's only where its program is started "
      "with --host-uds=open");
  return Failure(std::move(error));
}

std::string way_folder(const std::string& runtime_dir) {
  return runtime_dir + "/way";
}

Result<void> make_way(const std::string& runtime_dir) {
  const std::string folder = way_folder(runtime_dir);
  return ::mkdir(folder.c_str(), 0700) == 0 && ::chmod(folder.c_str(), 0700) == 0
             ? Result<void>{}
             : Result<void>(fail_errno(errno, "cannot make '" + folder + "'"));
}

void remove_way(const std::string& runtime_dir) {
  ::unlink((way_folder(runtime_dir) + "/socket").c_str());
  ::rmdir(way_folder(runtime_dir).c_str());
}

}  // namespace paddock::engine
