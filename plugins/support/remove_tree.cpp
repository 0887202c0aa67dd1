#include "support/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "support/unique_fd.hpp"

namespace paddock::support {
namespace {

constexpr int kDeepest = 4096;  // descriptors are limited, and a deeper path can hardly be made

/// Opened without following a link, and made readable where its owner closed it.
UniqueFd open_directory(int at, const char* name) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(::openat(at, name, kFlags));
  if (!fd && errno == EACCES && ::fchmodat(at, name, 0700, 0) == 0) {
    fd.reset(::openat(at, name, kFlags));
  }
  return fd;
}

bool empty_directory(int directory, dev_t device, int depth);

bool remove_entry(int at, const char* name, dev_t device, int depth) {
  if (::unlinkat(at, name, 0) == 0 || errno == ENOENT) {
    return true;
  }
  if (errno != EISDIR && errno != EPERM) {
    return false;
  }
  const UniqueFd inner = open_directory(at, name);
  return inner && empty_directory(inner.get(), device, depth + 1) &&
         (::unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT);
}

bool empty_directory(int directory, dev_t device, int depth) {
  struct stat status {};
  if (depth > kDeepest || ::fstat(directory, &status) != 0 || status.st_dev != device) {
    errno = depth > kDeepest ? ELOOP : EXDEV;
    return false;
  }
  ::fchmod(directory, 0700);
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(::dup(directory)), ::closedir);
  while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (name != "." && name != ".." && !remove_entry(directory, name.c_str(), device, depth)) {
      return false;
    }
  }
  return listing != nullptr;
}

}  // namespace

Result<void> remove_tree(const std::string& path) {
  const UniqueFd root = open_directory(AT_FDCWD, path.c_str());
  if (!root && errno == ENOENT) {
    return {};
  }
  struct stat status {};
  const bool gone = root && ::fstat(root.get(), &status) == 0 &&
                    empty_directory(root.get(), status.st_dev, 0) && ::rmdir(path.c_str()) == 0;
  return gone ? Result<void>{} : Result<void>(fail_errno(errno, "cannot remove '" + path + "'"));
}

}  // namespace paddock::support
