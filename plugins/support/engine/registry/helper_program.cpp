#include "support/engine/registry/helper_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "support/process.hpp"
#include "support/spawn.hpp"

namespace paddock::engine {
namespace {

using Clock = std::chrono::steady_clock;
using End = Said::End;

constexpr std::size_t kLongest = 64 << 10;
constexpr int kTurnMs = 100;

/// Readable to its end at once, so that nobody has to write while somebody reads.
support::UniqueFd input_of(const std::string& text) {
  support::UniqueFd fd(::memfd_create("paddock-input", MFD_CLOEXEC));
  const bool written =
      fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::lseek(fd.get(), 0, SEEK_SET) == 0;
  return written ? std::move(fd) : support::UniqueFd();
}

/// A program under way, which leads a session of its own.
class Running {
 public:
  Running(support::Child child, support::UniqueFd output)
      : child_(std::move(child)), output_(std::move(output)) {}
  Running(Running&& other) noexcept
      : child_{std::exchange(other.child_.pid, -1), std::move(other.child_.pidfd)},
        output_(std::move(other.output_)) {}
  ~Running() {
    if (child_.pid > 0) {
      ::kill(-child_.pid, SIGKILL);
      ::waitpid(child_.pid, nullptr, 0);
    }
  }

  /// All that comes until everybody has closed the other end, and how it ended then.
  Result<Said> hear(const Errand& errand) {
    const auto deadline = Clock::now() + errand.patience;
    Said said{End::kExited};
    for (bool open = true; open;) {
      if (errand.cancelled && errand.cancelled()) {
        return fail(ErrorCode::kInterrupted, "interrupted while '" + errand.name + "' was asked");
      }
      if (Clock::now() >= deadline) {
        return Said{End::kLate};
      }
      open = take(said.text);
      if (said.text.size() > kLongest) {
        return Said{End::kTooLong};
      }
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return ended(std::move(said), std::max(static_cast<int>(left), 0));
  }

 private:
  /// What there is within a turn; whether more may come.
  bool take(std::string& text) const {
    std::array<char, 4096> bytes{};
    pollfd ready{output_.get(), POLLIN, 0};
    if (::poll(&ready, 1, kTurnMs) <= 0) {
      return true;
    }
    const ssize_t count = ::read(output_.get(), bytes.data(), bytes.size());
    text.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return count > 0 || (count < 0 && errno == EINTR);
  }

  /// Not reaped yet: until then nobody else is of its process group.
  Said ended(Said said, int timeout_ms) const {
    siginfo_t info{};
    if (!support::wait_ended(child_.pidfd.get(), timeout_ms)) {
      return {End::kLate};
    }
    ::waitid(P_PID, static_cast<id_t>(child_.pid), &info, WEXITED | WNOWAIT);
    said.end = info.si_code == CLD_EXITED ? End::kExited : End::kKilled;
    said.exit_code = info.si_status;
    return said;
  }

  support::Child child_;
  support::UniqueFd output_;
};

std::vector<std::string> own_environment() {
  std::vector<std::string> list;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    list.emplace_back(*entry);
  }
  return list;
}

Result<Running> start(const Errand& errand) {
  const support::UniqueFd input = input_of(errand.input);
  const support::UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  std::array<int, 2> pipe{};
  if (!input || !null || ::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot run '" + errand.program + "'");
  }
  support::UniqueFd reading(pipe[0]);
  const support::UniqueFd writing(pipe[1]);
  support::Launch launch;
  launch.program = errand.program;
  launch.argv = {errand.name, errand.argument};
  launch.environment = own_environment();
  launch.stdio = {input.get(), writing.get(), null.get()};
  auto child = support::spawn(launch);
  return child ? Running(std::move(*child), std::move(reading)) : Result<Running>(fail_as(child));
}

}  // namespace

Result<Said> run_errand(const Errand& errand) {
  auto running = start(errand);
  return running ? running->hear(errand) : fail_as(running);
}

std::string find_in_path(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    std::string file = std::string(folder) + "/" + name;
    if (folder.starts_with('/') && ::access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return "";
}

}  // namespace paddock::engine
