#include "service_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace paddock::podman {
namespace {

constexpr const char* kParent = "/tmp";
constexpr const char* kPrefix = "paddock-podman-";
constexpr int kTries = 10;  // against others that take a new one for one that was left

support::UniqueFd open_own(const std::string& path) {
  support::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  const bool own = fd && ::fstat(fd.get(), &status) == 0 && status.st_uid == ::geteuid();
  return own ? std::move(fd) : support::UniqueFd();
}

/// Nothing where somebody else has it, or it is gone by now.
support::UniqueFd lock(const std::string& path) {
  support::UniqueFd fd = open_own(path);
  struct stat status {};
  const bool locked =
      fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 && ::fstat(fd.get(), &status) == 0;
  return locked && status.st_nlink != 0 ? std::move(fd) : support::UniqueFd();
}

void remove(const std::string& path, int directory) {
  ::unlinkat(directory, "podman.sock", 0);
  ::unlinkat(directory, "log", 0);
  ::rmdir(path.c_str());
}

void clear_left() {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(kParent, ignored)) {
    if (entry.path().filename().string().starts_with(kPrefix)) {
      if (const support::UniqueFd left = lock(entry.path())) {
        remove(entry.path(), left.get());
      }
    }
  }
}

}  // namespace

Result<ServiceDirectory> ServiceDirectory::make() {
  clear_left();
  for (int i = 0; i < kTries; ++i) {
    std::string path = std::string(kParent) + "/" + kPrefix + "XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {
      break;
    }
    if (support::UniqueFd held = lock(path)) {
      return ServiceDirectory(std::move(path), std::move(held));
    }
  }
  return fail_errno(errno, "cannot make a directory in '" + std::string(kParent) + "'");
}

ServiceDirectory::~ServiceDirectory() {
  if (lock_) {
    remove(path_, lock_.get());
  }
}

}  // namespace paddock::podman
