#include "seal.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "support/lent_memory.hpp"
#include "support/mount_namespace.hpp"

#ifndef MOUNT_ATTR_NOEXEC
#define MOUNT_ATTR_NOEXEC 0x00000008
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

namespace paddock::bubblewrap {
namespace {

constexpr unsigned long kProcFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

// Shared with the child, which runs in lent memory: where it failed.
struct Outcome {
  const char* step = nullptr;
  const char* path = "";
  int error = 0;
};

bool fails(Outcome& outcome, long result, const char* step, const char* path) {
  if (result == 0) {
    return false;
  }
  outcome = {step, path, errno};
  return true;
}

bool set_no_exec(const char* path) {
  const struct {
    std::uint64_t set, clear, propagation, userns;
  } attributes = {MOUNT_ATTR_NOEXEC, 0, 0, 0};
  return ::syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &attributes,
                   sizeof attributes) == 0;
}

void cover(Outcome& outcome, const std::vector<std::string>& paths, const char* with) {
  for (const std::string& path : paths) {  // a bind of the read-only root keeps its flags
    if (fails(outcome, ::mount(with, path.c_str(), nullptr, MS_BIND, nullptr), "cover",
              path.c_str())) {
      return;
    }
  }
}

// A path that bwrap made a read-only mount of its own already is left alone.
void make_read_only(Outcome& outcome, const std::vector<std::string>& paths) {
  for (const std::string& name : paths) {
    const char* path = name.c_str();
    if (::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | kProcFlags, nullptr) ==
        0) {
      continue;
    }
    if (fails(outcome, ::mount(path, path, nullptr, MS_BIND, nullptr), "bind", path) ||
        fails(
            outcome,
            ::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | kProcFlags, nullptr),
            "make read-only", path)) {
      return;
    }
  }
}

void work(Outcome& outcome, const support::MountNamespace& inside, const Layout& layout) {
  if (fails(outcome, inside.enter() ? 0 : -1, "join the namespaces of", "bwrap") ||
      fails(outcome, ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make private",
            "/")) {
    return;
  }
  make_read_only(outcome, layout.read_only);
  cover(outcome, layout.covered_files, kEmptyFile);
  cover(outcome, layout.covered_directories, kEmptyDirectory);
  for (const std::string& path : layout.no_exec) {
    if (!set_no_exec(path.c_str())) {
      outcome = {"set noexec on", path.c_str(), errno};
    }
  }
}

}  // namespace

Result<void> seal(pid_t pid, const Layout& layout) {
  // It belongs to bwrap's outer user namespace, not to the workload's.
  const auto inside = support::MountNamespace::of(pid);
  if (!inside) {
    return fail_as(inside);
  }
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    work(outcome, *inside, layout);
    return 0;
  });
  if (status < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  if (outcome.step != nullptr || status != 0) {
    const std::string step = outcome.step != nullptr ? outcome.step : "finish";
    return fail_errno(outcome.error, "cannot " + step + " '" + outcome.path + "' in the sandbox");
  }
  return {};
}

}  // namespace paddock::bubblewrap
