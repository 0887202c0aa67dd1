#include "support/engine/filters.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "support/small_file.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {
namespace {

/// Holds a process still while it lives.
class Held {
 public:
  static Result<Held> hold(pid_t pid) {
    if (::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) {
      return fail_errno(errno, "cannot trace the container's first process");
    }
    Held held(pid);
    int status = 0;
    if (::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) != 0 ||
        ::waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status)) {
      return fail(ErrorCode::kSystem, "cannot hold the container's first process");
    }
    return held;
  }
  Held(Held&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Held& operator=(Held&&) = delete;
  ~Held() {
    if (pid_ != 0) {
      ::ptrace(PTRACE_DETACH, pid_, nullptr, nullptr);
    }
  }

  /// Its filter number `index`, the newest first.
  Result<std::vector<sock_filter>> filter(unsigned long index) const {
    std::vector<sock_filter> program(BPF_MAXINSNS);
    // ptrace(2) takes the number for an address.
    const long length =
        ::ptrace(static_cast<__ptrace_request>(PTRACE_SECCOMP_GET_FILTER), pid_,
                 reinterpret_cast<void*>(index),  // NOLINT(performance-no-int-to-ptr)
                 program.data());
    if (length < 0) {
      return fail_errno(errno, "cannot read a seccomp filter");
    }
    program.resize(static_cast<std::size_t>(length));
    return program;
  }

 private:
  explicit Held(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

std::string serialized(const std::vector<sock_filter>& program) {
  const std::uint64_t length = program.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  return bytes.append(reinterpret_cast<const char*>(program.data()),
                      program.size() * sizeof(sock_filter));
}

Result<unsigned long> count_filters(pid_t pid) {
  const std::string file = "/proc/" + std::to_string(pid) + "/status";
  const std::string status = support::read_small_file(file).value_or("");
  const std::string key = "\nSeccomp_filters:\t";
  const std::size_t at = status.find(key);
  return at == std::string::npos
             ? Result<unsigned long>(fail(ErrorCode::kSystem, "'" + file + "' counts no filters"))
             : std::strtoul(status.c_str() + at + key.size(), nullptr, 10);
}

Result<std::string> filters_of(pid_t pid) {
  const auto count = count_filters(pid);
  const auto held = count ? Held::hold(pid) : fail_as(count);
  if (!held) {
    return fail_as(held);
  }
  std::string all;
  for (unsigned long index = 0; index < *count; ++index) {
    const auto program = held->filter(index);
    if (!program) {
      return fail_as(program);
    }
    all.insert(0, serialized(*program));
  }
  return all;
}

}  // namespace

Result<void> keep_filters(pid_t pid, const std::string& file) {
  const auto filters = filters_of(pid);
  if (!filters) {
    return fail_as(filters);
  }
  const support::UniqueFd fd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
  if (!fd || ::write(fd.get(), filters->data(), filters->size()) !=
                 static_cast<ssize_t>(filters->size())) {
    return fail_errno(errno, "cannot write '" + file + "'");
  }
  return {};
}

}  // namespace paddock::engine
