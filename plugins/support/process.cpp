#include "support/process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "support/small_file.hpp"

namespace paddock::support {
namespace {

// struct pidfd_info of linux/pidfd.h as Linux 6.15 has it, which older headers lack.
struct PidfdInfo {
  std::uint64_t mask, cgroup;
  std::uint32_t ids[11];
  std::int32_t exit_code;  ///< a wait status
};
constexpr std::uint64_t kExitCode = 1U << 3;
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);

}  // namespace

std::optional<Identity> identify(pid_t pid) {
  const auto stat = read_small_file("/proc/" + std::to_string(pid) + "/stat");
  // The name in parentheses may hold anything; field 22 is the 20th after it (proc(5)).
  const std::size_t name_end = stat ? stat->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::size_t at = name_end + 1;
  for (int field = 3; field < 22 && at != std::string::npos; ++field) {
    at = stat->find(' ', at + 1);
  }
  if (at == std::string::npos) {
    return std::nullopt;
  }
  return Identity{pid, std::strtoull(stat->c_str() + at, nullptr, 10)};
}

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

UniqueFd open_process(const Identity& identity) {
  if (identity.pid <= 0) {
    return {};
  }
  UniqueFd fd = open_pidfd(identity.pid);
  const auto now = fd ? identify(identity.pid) : std::nullopt;  // read after open: no race
  if (!now || now->started != identity.started) {
    return {};
  }
  return fd;
}

bool wait_ended(int pidfd, int timeout_ms) {
  pollfd event{pidfd, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&event, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

std::optional<int> exit_code_of(int pidfd, int timeout_ms) {
  pollfd reaped{pidfd, 0, 0};  // POLLHUP, of whose kernel can tell
  (void)::poll(&reaped, 1, timeout_ms);
  PidfdInfo info{};
  info.mask = kExitCode;
  if (::ioctl(pidfd, kGetInfo, &info) != 0 || (info.mask & kExitCode) == 0) {
    return std::nullopt;
  }
  return WIFSIGNALED(info.exit_code) ? 128 + WTERMSIG(info.exit_code) : WEXITSTATUS(info.exit_code);
}

std::optional<int> Children::reap(const Identity& child, int timeout_ms) {
  const std::pair<pid_t, std::uint64_t> key(child.pid, child.started);
  if (const auto known = ended_.find(key); known != ended_.end()) {
    return known->second;
  }
  const UniqueFd pidfd = open_process(child);
  siginfo_t info{};
  if (pidfd && wait_ended(pidfd.get(), timeout_ms) &&
      ::waitid(P_PIDFD, static_cast<id_t>(pidfd.get()), &info, WEXITED | WNOHANG) == 0 &&
      info.si_pid == child.pid) {
    const int code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    ended_[key] = code;
    return code;
  }
  return std::nullopt;
}

void Children::entered(const std::string& instance, const Identity& child) {
  entered_[instance].push_back(child);
}

void Children::reap_entered(const std::string& instance) {
  const auto found = entered_.find(instance);
  if (found == entered_.end()) {
    return;
  }
  for (const Identity& identity : found->second) {
    (void)reap(identity, 0);
  }
}

void Children::end_entered(const std::string& instance) {
  reap_entered(instance);
  for (const Identity& identity : entered_[instance]) {
    if (const UniqueFd pidfd = open_process(identity)) {
      ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
      (void)reap(identity, -1);
    }
  }
  entered_.erase(instance);
}

}  // namespace paddock::support
