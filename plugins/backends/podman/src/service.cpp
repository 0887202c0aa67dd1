#include "service.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <thread>
#include <utility>

#include "support/small_file.hpp"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif

namespace paddock::podman {
namespace {

using namespace std::chrono_literals;

// Not those of PATH: a sandbox may be able to write a folder in it.
constexpr std::array kPrograms = {"/usr/local/bin/podman", "/usr/bin/podman", "/bin/podman"};
constexpr auto kDeadline = 20s;

const char* find_podman() {
  for (const char* path : kPrograms) {
    if (::access(path, X_OK) == 0) {
      return path;
    }
  }
  return nullptr;
}

[[noreturn]] void become_service(const char* program,
                                 const char* address,
                                 const char* log,
                                 pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) {
    ::_exit(127);
  }
  ::setsid();
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int words = ::open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ::dup2(null, 0);
  ::dup2(words, 1);
  ::dup2(words, 2);
  ::close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  ::execl(program, "podman", "system", "service", "--time", "0", address, nullptr);
  ::_exit(127);
}

/// The last line that it wrote, at most.
std::string last_words(const std::string& log) {
  std::string text = support::read_small_file(log).value_or("");
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text.substr(text.rfind('\n') + 1).substr(0, 400);
}

}  // namespace

Result<Service> Service::start() {
  const char* const program = find_podman();
  if (program == nullptr) {
    return fail(ErrorCode::kBackendMissing,
                "the program 'podman' is in none of the system's directories",
                "install the package 'podman', or name a service's socket in CONTAINER_HOST");
  }
  auto directory = ServiceDirectory::make();
  if (!directory) {
    return fail_as(directory);
  }
  const std::string address = "unix://" + directory->socket();
  const std::string log = directory->log();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become_service(program, address.c_str(), log.c_str(), parent);
  }
  Service service(pid, std::move(*directory));
  if (pid < 0) {
    return fail_errno(errno, "cannot start 'podman'");
  }
  if (auto answers = service.await(); !answers) {
    return fail_as(answers);
  }
  return service;
}

Result<void> Service::await() {
  const auto end = std::chrono::steady_clock::now() + kDeadline;
  while (std::chrono::steady_clock::now() < end) {
    struct stat status {};
    if (::stat(socket().c_str(), &status) == 0) {
      return {};
    }
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return fail(ErrorCode::kBackendRefused,
                  "'podman system service' ends at once: " + last_words(directory_.log()));
    }
    std::this_thread::sleep_for(5ms);
  }
  return fail(ErrorCode::kTimeout, "'podman system service' does not come up");
}

Service::Service(Service&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), directory_(std::move(other.directory_)) {}

Service::~Service() {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
}

}  // namespace paddock::podman
