#include "support/engine/registry/credential_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "support/unique_fd.hpp"

namespace paddock::engine {
namespace {

constexpr std::size_t kLongest = 1 << 20;

/// At most a byte more than is taken.
Result<std::string> read_all(int fd, const std::string& path) {
  std::string text(kLongest + 1, '\0');
  std::size_t used = 0;
  while (used < text.size()) {
    const ssize_t count = ::read(fd, text.data() + used, text.size() - used);
    if (count < 0 && errno != EINTR) {
      return unreadable(path, std::strerror(errno));
    }
    if (count == 0) {
      break;
    }
    used += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  text.resize(used);
  return used > kLongest ? unreadable(path, "it is longer than 1 MiB")
                         : Result<std::string>(std::move(text));
}

}  // namespace

Result<std::optional<CredentialFile>> CredentialFile::open(const std::string& path) {
  const support::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) {
    return std::optional<CredentialFile>{};
  }
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return unreadable(path, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return unreadable(path, "it is no file");
  }
  auto text = read_all(fd.get(), path);
  return text ? std::optional(
                    CredentialFile{std::move(*text), (status.st_mode & (S_IRGRP | S_IROTH)) != 0})
              : Result<std::optional<CredentialFile>>(fail_as(text));
}

Failure unreadable(const std::string& path, const std::string& why) {
  return fail(ErrorCode::kImage,
              "cannot read credentials for registries from '" + path + "': " + why,
              "repair it, or remove it and log in again");
}

std::string log_in_hint(const std::string& registry) {
  return "`docker login " + registry + "` or `podman login " + registry + "` stores what it takes";
}

}  // namespace paddock::engine
