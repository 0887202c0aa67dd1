#include "proof/sandbox_root.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <linux/openat2.h>

namespace paddock::proof {

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::optional<struct stat> host_stat(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? std::optional(found) : std::nullopt;
}

Result<SandboxRoot> SandboxRoot::open(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/root";
  os::UniqueFd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(errno, "cannot open '" + path + "'");
  }
  return SandboxRoot(std::move(fd));
}

os::UniqueFd SandboxRoot::enter(const std::string& path, int flags) const {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return os::UniqueFd(
      static_cast<int>(::syscall(SYS_openat2, fd_.get(), path.c_str(), &how, sizeof how)));
}

std::optional<struct stat> SandboxRoot::stat(const std::string& path) const {
  const os::UniqueFd file = enter(path, O_PATH);
  struct stat found {};
  return file && ::fstat(file.get(), &found) == 0 ? std::optional(found) : std::nullopt;
}

std::optional<std::string> SandboxRoot::read(const std::string& path) const {
  const os::UniqueFd file = enter(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  char bytes[4096];
  const ssize_t got = file ? ::read(file.get(), bytes, sizeof bytes) : -1;
  return got >= 0 ? std::optional(std::string(bytes, static_cast<std::size_t>(got))) : std::nullopt;
}

std::vector<std::string> SandboxRoot::list(const std::string& path) const {
  std::vector<std::string> names;
  os::UniqueFd file = enter(path, O_RDONLY | O_DIRECTORY);
  DIR* directory = file ? ::fdopendir(file.get()) : nullptr;
  if (directory == nullptr) {
    return names;
  }
  [[maybe_unused]] const int owned = file.release();  // closedir closes it
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(entry->d_type == DT_DIR ? name + "/" : name);
    }
  }
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace paddock::proof
