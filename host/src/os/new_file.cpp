#include "os/new_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace paddock::os {
namespace {

std::string temporary_name() {
  return ".paddock-" + random_hex(8) + ".tmp";
}

std::string quoted(const std::string& name) {
  return "'" + printable(name) + "'";
}

/// Where the data at or after `at` begins, `size` when there is none.
off_t data_from(int fd, off_t at, off_t size) {
  const off_t found = ::lseek(fd, at, SEEK_DATA);
  if (found < 0) {
    return errno == ENXIO ? size : at;  // a file system that knows no holes has data everywhere
  }
  return std::min(found, size);
}

off_t hole_from(int fd, off_t at, off_t size) {
  const off_t found = ::lseek(fd, at, SEEK_HOLE);
  return found < 0 ? size : std::min(found, size);
}

/// What was copied of it; less at the end of the file. -1 with errno.
off_t copy_range(int from, int to, off_t begin, off_t end) {
  constexpr off_t kChunk = 1 << 20;
  static thread_local std::vector<char> buffer(kChunk);
  off_t at = begin;
  while (at < end) {
    const ssize_t got =
        ::pread(from, buffer.data(), static_cast<std::size_t>(std::min(kChunk, end - at)), at);
    if (got <= 0) {
      return got == 0 ? at - begin : -1;
    }
    for (ssize_t done = 0; done < got;) {
      const ssize_t wrote =
          ::pwrite(to, buffer.data() + done, static_cast<std::size_t>(got - done), at + done);
      if (wrote < 0) {
        return -1;
      }
      done += wrote;
    }
    at += got;
  }
  return at - begin;
}

}  // namespace

NewFile::NewFile(int folder, std::string name, std::string temporary, UniqueFd fd)
    : folder_(folder),
      name_(std::move(name)),
      temporary_(std::move(temporary)),
      fd_(std::move(fd)) {}

NewFile::~NewFile() {
  if (fd_ && !temporary_.empty()) {
    ::unlinkat(folder_, temporary_.c_str(), 0);
  }
}

Result<NewFile> NewFile::create(int folder, std::string name) {
  UniqueFd nameless(::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (nameless) {
    return NewFile(folder, std::move(name), {}, std::move(nameless));
  }
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT) {
    return fail_errno(errno, "cannot write " + quoted(name));
  }
  std::string temporary = temporary_name();
  UniqueFd fd(::openat(folder, temporary.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) {
    return fail_errno(errno, "cannot write " + quoted(name));
  }
  return NewFile(folder, std::move(name), std::move(temporary), std::move(fd));
}

bool NewFile::link_to(const std::string& name) const {
  const std::string self = "/proc/self/fd/" + std::to_string(fd_.get());
  return ::linkat(AT_FDCWD, self.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool NewFile::is_at_name() const {
  struct stat ours {
  }, there{};
  return ::fstat(fd_.get(), &ours) == 0 &&
         ::fstatat(folder_, name_.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

Result<void> NewFile::publish(bool replace) {
  if (temporary_.empty() && replace) {
    std::string temporary = temporary_name();
    if (!link_to(temporary)) {
      return fail_errno(errno, "cannot write " + quoted(name_));
    }
    temporary_ = std::move(temporary);
  }
  const bool done = temporary_.empty()
                        ? link_to(name_)
                        : ::renameat2(folder_, temporary_.c_str(), folder_, name_.c_str(),
                                      replace ? 0 : RENAME_NOREPLACE) == 0;
  if (!done) {
    return errno == EEXIST ? Result<void>(fail(ErrorCode::kBadName, quoted(name_) + " is there",
                                               "give it another name, or replace it with --force"))
                           : Result<void>(fail_errno(errno, "cannot write " + quoted(name_)));
  }
  temporary_.clear();
  return is_at_name() ? Result<void>{}
                      : Result<void>(fail(ErrorCode::kSystem,
                                          quoted(name_) + " was exchanged as it was written"));
}

Result<void> copy_content(int from, int to, std::uint64_t size) {
  const auto end = static_cast<off_t>(size);
  off_t at = 0;
  while ((at = data_from(from, at, end)) < end) {
    const off_t until = std::max(hole_from(from, at, end), at + 1);
    const off_t copied = copy_range(from, to, at, until);
    if (copied < 0) {
      return fail_errno(errno, "cannot copy");
    }
    at += copied;
    if (at < until) {
      break;  // it is shorter by now
    }
  }
  return ::ftruncate(to, at) == 0 ? Result<void>{} : fail_errno(errno, "cannot copy");
}

}  // namespace paddock::os
