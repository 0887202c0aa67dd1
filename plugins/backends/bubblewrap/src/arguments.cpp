#include "arguments.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>

namespace paddock::bubblewrap {
namespace {

support::UniqueFd memfd_with(std::string_view content, int* error) {
  support::UniqueFd fd(::memfd_create("paddock", MFD_CLOEXEC));
  if (!fd || ::pwrite(fd.get(), content.data(), content.size(), 0) !=
                 static_cast<ssize_t>(content.size())) {
    *error = *error != 0 ? *error : (errno != 0 ? errno : EIO);
  }
  return fd;
}

}  // namespace

void Arguments::add(std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    words_.append(word).push_back('\0');
  }
}

void Arguments::add_fd(std::string_view flag, support::UniqueFd fd, std::string_view target) {
  add({flag, std::to_string(fd.get())});
  if (!target.empty()) {
    add({target});
  }
  fds_.push_back(std::move(fd));
}

void Arguments::add_file(std::string_view target, std::string_view content) {
  add({"--perms", "0444"});
  add_fd("--file", memfd_with(content, &error_), target);
}

Result<support::UniqueFd> Arguments::as_memfd() const {
  int error = error_;
  support::UniqueFd fd = memfd_with(words_, &error);
  if (error != 0) {
    return fail_errno(error, "cannot pass options to bwrap");
  }
  return fd;
}

std::vector<int> Arguments::inherited() const {
  std::vector<int> numbers;
  for (const support::UniqueFd& fd : fds_) {
    numbers.push_back(fd.get());
  }
  return numbers;
}

}  // namespace paddock::bubblewrap
