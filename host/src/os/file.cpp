#include "os/file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/digest.hpp"

namespace paddock::os {
namespace {

// Most files are small, and what a string grows by is cleared before it is read over.
constexpr std::size_t kFirstChunk = 4 << 10;

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

Result<void> write_all(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      return fail_errno(errno, "cannot write " + quoted(path));
    }
    content.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return {};
}

// ext4 writes a file out at once when it is renamed over another, which a launch would wait for
// several times; not when the two change places. False where there is nothing to change with, or
// the file system cannot.
bool exchange(const std::filesystem::path& temporary, const std::filesystem::path& path) {
  struct stat old {};
  if (::lstat(path.c_str(), &old) != 0 || !S_ISREG(old.st_mode) ||
      ::syscall(SYS_renameat2, AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(),
                RENAME_EXCHANGE) != 0) {
    return false;
  }
  ::unlink(temporary.c_str());
  return true;
}

// The temporary file is gone again unless it was renamed.
Result<void> fill_and_rename(int fd,
                             const std::filesystem::path& temporary,
                             const std::filesystem::path& path,
                             std::string_view content,
                             bool durable) {
  if (auto written = write_all(fd, content, path); !written) {
    return written;
  }
  if (durable && ::fsync(fd) != 0) {
    return fail_errno(errno, "cannot write " + quoted(path));
  }
  if (!durable && exchange(temporary, path)) {
    return {};
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return fail_errno(errno, "cannot replace " + quoted(path));
  }
  return {};
}

Result<void> sync_path(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) {
    return fail_errno(errno, "cannot sync " + quoted(path));
  }
  return {};
}

}  // namespace

Result<std::string> read_fd(int fd, std::size_t limit, std::string_view name) {
  std::string out;
  for (;;) {
    const std::size_t old = out.size();
    out.resize(old + std::min(std::max(kFirstChunk, old), limit + 1 - old));
    const ssize_t got = ::read(fd, out.data() + old, out.size() - old);
    if (got < 0 && errno != EINTR) {
      return fail_errno(errno, "cannot read '" + std::string(name) + "'");
    }
    out.resize(old + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) {
      return out;
    }
    if (out.size() > limit) {
      return fail(ErrorCode::kFileTooLarge, "cannot read '" + std::string(name) +
                                                "': larger than " + std::to_string(limit) +
                                                " bytes");
    }
  }
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    return fail_errno(errno, "cannot open " + quoted(path));
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) {
    return fail_errno(errno, "cannot look at " + quoted(path));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kSystem, "cannot read " + quoted(path) + ": not a regular file");
  }
  return read_fd(fd.get(), limit, path.string());
}

Result<std::string> read_kernel_file(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(errno, "cannot open " + quoted(path));
  }
  return read_fd(fd.get(), 16 << 20, path.string());
}

Result<void> write_atomic(const std::filesystem::path& path,
                          std::string_view content,
                          bool durable,
                          mode_t mode) {
  const std::filesystem::path temporary = path.string() + ".tmp-" + random_hex(4);
  const UniqueFd fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd) {
    return fail_errno(errno, "cannot write " + quoted(path));
  }
  auto done = fill_and_rename(fd.get(), temporary, path, content, durable);
  if (!done) {
    ::unlink(temporary.c_str());
    return done;
  }
  return durable ? sync_path(path.parent_path()) : Result<void>{};
}

Result<void> check_private_dir(const std::filesystem::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    return fail_errno(errno, "cannot look at " + quoted(path));
  }
  if (!S_ISDIR(info.st_mode)) {
    return fail(ErrorCode::kSystem, "cannot use " + quoted(path) + ": not a directory",
                "move it away");
  }
  if (info.st_uid != ::geteuid()) {
    return fail(ErrorCode::kSystem, "cannot use " + quoted(path) + ": it belongs to another user",
                "remove it, or set PADDOCK_STATE_DIR or XDG_STATE_HOME to a folder of your own");
  }
  if ((info.st_mode & 077) != 0) {
    return fail(ErrorCode::kSystem, "cannot use " + quoted(path) + ": other users may enter it",
                "chmod 700 '" + path.string() + "'");
  }
  return {};
}

Result<void> make_private_dir(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    return {};
  }
  if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
    if (auto parent = make_private_dir(path.parent_path()); !parent) {
      return parent;
    }
    return make_private_dir(path);
  }
  if (errno != EEXIST) {
    return fail_errno(errno, "cannot create " + quoted(path));
  }
  return check_private_dir(path);
}

Result<std::vector<std::string>> list_dir(const std::filesystem::path& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path.c_str()), &::closedir);
  if (!dir) {
    return fail_errno(errno, "cannot list " + quoted(path));
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  if (errno != 0) {
    return fail_errno(errno, "cannot list " + quoted(path));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace paddock::os
