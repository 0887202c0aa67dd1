#include "run/part.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/process.hpp"

namespace paddock::run {
namespace {

bool parted = false;

/// Whether the child said that its sandbox runs; false when it ended before.
bool await_word(int fd) {
  char byte = 0;
  ssize_t got = 0;
  do {
    got = ::read(fd, &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

int await_end(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return os::exit_code(status);
}

/// What is typed at the terminal goes to both: the child answers it.
int follow(pid_t child, int word) {
  for (const int number : {SIGINT, SIGQUIT}) {
    ::signal(number, SIG_IGN);
  }
  return await_word(word) ? 0 : await_end(child);
}

/// Whatever a caller leaves open would be held for as long as the sandbox runs.
void close_inherited(int but) {
  if (but > 3) {
    ::close_range(3, static_cast<unsigned>(but - 1), 0);
  }
  ::close_range(static_cast<unsigned>(but + 1), ~0U, 0);
}

void replace(int fd, const char* path, int flags) {
  os::UniqueFd file(::open(path, flags | O_CLOEXEC, 0600));
  if (file) {
    ::dup2(file.get(), fd);
  }
}

void say(const std::string& words) {
  for (std::size_t done = 0; done < words.size();) {
    const ssize_t wrote = ::write(STDOUT_FILENO, words.data() + done, words.size() - done);
    if (wrote < 0 && errno != EINTR) {
      return;
    }
    done += static_cast<std::size_t>(wrote > 0 ? wrote : 0);
  }
}

}  // namespace

bool Part::is_child() {
  return parted;
}

Result<Part> Part::fork() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  os::UniqueFd reading(ends[0]), writing(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  if (child > 0) {
    writing.reset();
    return Part({}, follow(child, reading.get()));
  }
  // As Ctrl-C would, until it stands on its own feet.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) {
    ::_exit(128 + SIGTERM);
  }
  parted = true;
  reading.reset();
  close_inherited(writing.get());
  return Part(std::move(writing), std::nullopt);
}

void Part::go(const std::string& last_words, const std::filesystem::path& complaints) {
  say(last_words);
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, 0);
  (void)!::chdir("/");
  replace(STDIN_FILENO, "/dev/null", O_RDONLY);
  replace(STDOUT_FILENO, "/dev/null", O_WRONLY);
  replace(STDERR_FILENO, "/dev/null", O_WRONLY);
  replace(STDERR_FILENO, complaints.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  const char byte = 1;
  (void)!::write(word_.get(), &byte, 1);
  word_.reset();
}

}  // namespace paddock::run
