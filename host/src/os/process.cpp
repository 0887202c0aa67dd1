#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>

#include "os/file.hpp"

extern char** environ;  // NOLINT(readability-identifier-naming): POSIX's name

namespace paddock::os {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    out.push_back(const_cast<char*>(text.c_str()));  // posix_spawn does not write to them
  }
  out.push_back(nullptr);
  return out;
}

// Signals as a fresh program expects them: nothing blocked, nothing ignored.
class SpawnSetup {
 public:
  SpawnSetup() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSetup() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  // Two passes, so that no target overwrites a source that is still to come.
  void map(const std::vector<std::pair<int, int>>& descriptors) {
    int above = 3;
    for (const auto& [ours, theirs] : descriptors) {
      above = std::max({above, ours + 1, theirs + 1});
    }
    int parked = above;
    for (const auto& pair : descriptors) {
      ::posix_spawn_file_actions_adddup2(&actions_, pair.first, parked++);
    }
    parked = above;
    int highest = 2;
    for (const auto& pair : descriptors) {
      ::posix_spawn_file_actions_adddup2(&actions_, parked++, pair.second);
      highest = std::max(highest, pair.second);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, highest + 1);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

struct Pipe {
  UniqueFd read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot create a pipe");
  }
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

int milliseconds_left(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// One read of what is ready; false at the end of the stream. What is over the limit is dropped.
bool drain(int fd, std::string& out, std::size_t limit) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  if (got <= 0) {
    return got < 0 && (errno == EINTR || errno == EAGAIN);
  }
  out.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - out.size()));
  return true;
}

// False when the deadline passed first.
bool collect(Pipe& out, Pipe& err, Captured& captured, Clock::time_point end, std::size_t limit) {
  while (out.read || err.read) {
    std::array<pollfd, 2> polls = {pollfd{out.read.get(), POLLIN, 0},
                                   pollfd{err.read.get(), POLLIN, 0}};
    const int ready = ::poll(polls.data(), polls.size(), milliseconds_left(end));
    if (ready == 0) {
      return false;
    }
    if (polls[0].revents != 0 && !drain(out.read.get(), captured.out, limit)) {
      out.read.reset();
    }
    if (polls[1].revents != 0 && !drain(err.read.get(), captured.err, limit)) {
      err.read.reset();
    }
  }
  return true;
}

}  // namespace

Result<int> Child::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) {
      return fail_errno(errno, "cannot wait for a child process");
    }
  }
  return status;
}

Result<Child> spawn(const SpawnOptions& options) {
  SpawnSetup setup;
  setup.map(options.descriptors);
  const auto argv = pointers(options.argv);
  const auto environment = pointers(options.environment);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, options.argv.front().c_str(), setup.actions(),
                                   setup.attributes(), argv.data(), environment.data());
  if (error != 0) {
    return fail_errno(error, "cannot start '" + options.argv.front() + "'");
  }
  return Child(pid);
}

Result<Captured> capture(const std::vector<std::string>& argv,
                         std::chrono::milliseconds deadline,
                         std::size_t limit) {
  const auto end = Clock::now() + deadline;
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  auto out = make_pipe();
  auto err = make_pipe();
  if (!out || !err) {
    return fail_as(out ? err : out);
  }
  SpawnOptions options{argv, {}, {{null.get(), 0}, {out->write.get(), 1}, {err->write.get(), 2}}};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    options.environment.emplace_back(*entry);
  }
  auto child = spawn(options);
  if (!child) {
    return fail_as(child);
  }
  out->write.reset();
  err->write.reset();
  Captured captured;
  const bool ended = collect(*out, *err, captured, end, limit);
  if (!ended) {
    ::kill(child->pid(), SIGKILL);
  }
  auto status = child->wait();
  if (!ended) {
    return fail(ErrorCode::kTimeout, "'" + argv.front() + "' did not end in " +
                                         std::to_string(deadline.count()) + " ms");
  }
  if (!status) {
    return fail_as(status);
  }
  captured.status = *status;
  return captured;
}

int exit_code(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

Result<UniqueFd> open_pidfd(pid_t pid) {
  UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!fd) {
    return fail_errno(errno, "cannot open process " + std::to_string(pid));
  }
  return fd;
}

std::optional<std::uint64_t> start_time(pid_t pid) {
  const auto stat = read_kernel_file("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) {
    return std::nullopt;
  }
  // The second field is the program's name in parentheses and may hold anything, ")" too.
  std::size_t at = stat->rfind(')');
  constexpr int kFieldsAfterName = 20;
  for (int i = 0; i < kFieldsAfterName && at != std::string::npos; ++i) {
    at = stat->find(' ', at + 1);
  }
  std::uint64_t ticks = 0;
  if (at == std::string::npos ||
      std::from_chars(stat->data() + at + 1, stat->data() + stat->size(), ticks).ec !=
          std::errc{}) {
    return std::nullopt;
  }
  return ticks;
}

}  // namespace paddock::os
