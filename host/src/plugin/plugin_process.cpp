#include "plugin/plugin_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "plugin/wire.hpp"

extern char** environ;  // NOLINT(readability-identifier-naming): POSIX's name

namespace paddock::plugin {
namespace {

std::vector<std::string> own_environment() {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    result.emplace_back(*entry);
  }
  return result;
}

struct Ends {
  os::UniqueFd ours;
  os::UniqueFd theirs;
};

Result<Ends> socket_pair(int type) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail_errno(errno, "cannot create a socket pair");
  }
  return Ends{os::UniqueFd(ends[0]), os::UniqueFd(ends[1])};
}

}  // namespace

/// Standard input is empty and standard output is our standard error: a plugin's prints must not
/// mix with results.
Result<PluginProcess> PluginProcess::start(const std::filesystem::path& program, int library) {
  auto socket = socket_pair(SOCK_STREAM);
  auto canceller = socket ? socket_pair(SOCK_SEQPACKET) : fail_as(socket);
  if (!canceller) {
    return fail_as(canceller);
  }
  const os::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  os::SpawnOptions options;
  options.argv = {program.string(), "__plugin"};
  options.environment = own_environment();
  options.descriptors = {{null.get(), STDIN_FILENO},     {STDERR_FILENO, STDOUT_FILENO},
                         {STDERR_FILENO, STDERR_FILENO}, {socket->theirs.get(), kChildSocketFd},
                         {library, kChildLibraryFd},     {canceller->theirs.get(), kChildCancelFd}};
  const auto child = os::spawn(options);
  if (!child) {
    return fail_as(child);
  }
  auto pidfd = os::open_pidfd(child->pid());
  if (!pidfd) {
    ::kill(child->pid(), SIGKILL);
    return fail_as(pidfd);
  }
  return PluginProcess(*child, std::move(*pidfd), std::move(socket->ours),
                       std::move(canceller->ours));
}

void PluginProcess::cancel(std::uint64_t call) const {
  static_cast<void>(::send(canceller_.get(), &call, sizeof(call), MSG_NOSIGNAL | MSG_DONTWAIT));
}

int PluginProcess::end(Milliseconds grace) {
  if (!alive_) {
    return status_;
  }
  if (!ends_within(grace)) {
    // By pidfd, so that no other process can have the number by now.
    ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
  }
  status_ = child_.wait().value_or(0);
  alive_ = false;
  socket_.reset();
  return status_;
}

bool PluginProcess::ends_within(Milliseconds grace) const {
  pollfd item{pidfd_.get(), POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&item, 1, static_cast<int>(grace.count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace paddock::plugin
