#include "plugin/trust.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <deque>

namespace paddock::plugin {
namespace {

constexpr int kMaxLinks = 40;  // as the kernel's own limit, path_resolution(7)

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

std::string close_one(const std::filesystem::path& path) {
  return "chmod go-w " + quoted(path);
}

/// A umask of 002 leaves a whole plugin directory open: one command for all of it.
std::string close_all(const std::filesystem::path& directory) {
  return "chmod -R go-w " + quoted(directory);
}

Result<struct stat> status_of(int fd, const std::filesystem::path& shown) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return fail_errno(errno, "cannot look at " + quoted(shown));
  }
  return info;
}

Result<void> check_owner(const struct stat& info, const std::filesystem::path& shown) {
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return fail(ErrorCode::kPluginTrust,
                quoted(shown) + " belongs to user " + std::to_string(info.st_uid),
                "paddock believes only what root and you alone can write");
  }
  return {};
}

/// `repair` is what to do about it.
Result<void> check_mode(const struct stat& info,
                        const std::filesystem::path& shown,
                        const std::string& repair) {
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    const bool all = (info.st_mode & S_IWOTH) != 0;
    return fail(ErrorCode::kPluginTrust,
                quoted(shown) + " can be written by " + (all ? "everybody" : "its group"), repair);
  }
  return {};
}

/// A group of one's own, as many systems give each user, with a umask of 002 to go with it.
bool is_private_group(const struct stat& info) {
  return info.st_gid != 0 && info.st_gid == info.st_uid && info.st_uid == ::geteuid();
}

/// A parent above the search directory. In a sticky directory only its owner and the entry's own
/// can replace an entry, and the entry is checked next.
Result<void> check_passage(const struct stat& info, const std::filesystem::path& shown) {
  if (auto owner = check_owner(info, shown); !owner) {
    return owner;
  }
  const bool sticky = (info.st_mode & S_ISVTX) != 0;
  const bool others = (info.st_mode & S_IWOTH) != 0;
  if (sticky || (!others && is_private_group(info))) {
    return {};
  }
  return check_mode(info, shown, close_one(shown));
}

/// Walks a path component by component, following links itself, so that each directory on the way
/// is seen.
class Walk {
 public:
  explicit Walk(const std::filesystem::path& path) : whole_(path) {
    for (const auto& part : path.relative_path()) {
      todo_.push_back(part.string());
    }
  }

  Result<os::UniqueFd> run() {
    if (auto root = start(); !root) {
      return fail_as(root);
    }
    while (!todo_.empty()) {
      const std::string part = todo_.front();
      todo_.pop_front();
      if (part.empty() || part == ".") {
        continue;
      }
      if (auto step = enter(part); !step) {
        return fail_as(step);
      }
    }
    return std::move(here_);
  }

 private:
  Result<void> start() {
    here_.reset(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    shown_ = "/";
    if (!here_) {
      return fail_errno(errno, "cannot open '/'");
    }
    return {};
  }

  /// `here_` is checked before anything in it is believed.
  Result<void> enter(const std::string& part) {
    const auto info = status_of(here_.get(), shown_);
    if (!info) {
      return fail_as(info);
    }
    if (auto passed = check_passage(*info, shown_); !passed) {
      return passed;
    }
    const std::filesystem::path next = part == ".." ? shown_.parent_path() : shown_ / part;
    os::UniqueFd fd(::openat(here_.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) {
      return fail_errno(errno, "cannot open " + quoted(next));
    }
    return arrive(std::move(fd), next);
  }

  Result<void> arrive(os::UniqueFd fd, const std::filesystem::path& next) {
    const auto info = status_of(fd.get(), next);
    if (!info) {
      return fail_as(info);
    }
    if (S_ISLNK(info->st_mode)) {
      return follow(fd.get(), *info, next);
    }
    if (!S_ISDIR(info->st_mode)) {
      return fail(ErrorCode::kPluginTrust, quoted(next) + " is not a directory");
    }
    here_ = std::move(fd);
    shown_ = next;
    return {};
  }

  Result<void> follow(int link, const struct stat& info, const std::filesystem::path& shown) {
    if (auto owner = check_owner(info, shown); !owner) {
      return owner;
    }
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(link, "", target.data(), target.size());
    if (length < 0 || ++links_ > kMaxLinks) {
      return fail_errno(length < 0 ? errno : ELOOP, "cannot open " + quoted(whole_));
    }
    const std::filesystem::path to(std::string(target.data(), static_cast<std::size_t>(length)));
    std::deque<std::string> parts;
    for (const auto& part : to.relative_path()) {
      parts.push_back(part.string());
    }
    todo_.insert(todo_.begin(), parts.begin(), parts.end());
    return to.is_absolute() ? start() : Result<void>{};
  }

  std::filesystem::path whole_;
  std::filesystem::path shown_;
  std::deque<std::string> todo_;
  os::UniqueFd here_;
  int links_ = 0;
};

Result<os::UniqueFd> checked(int raw_fd,
                             int error,
                             mode_t type,
                             const std::filesystem::path& shown,
                             const std::string& repair) {
  os::UniqueFd fd(raw_fd);
  if (!fd && (error == ELOOP || error == ENOTDIR)) {
    return fail(ErrorCode::kPluginTrust,
                quoted(shown) + (error == ELOOP ? " is a link" : " is a link or not a directory"));
  }
  if (!fd) {
    return fail_errno(error, "cannot open " + quoted(shown));
  }
  const auto info = status_of(fd.get(), shown);
  if (!info) {
    return fail_as(info);
  }
  if ((info->st_mode & S_IFMT) != type) {
    return fail(ErrorCode::kPluginTrust,
                quoted(shown) + " is not a " + (type == S_IFDIR ? "directory" : "regular file"));
  }
  if (auto owner = check_owner(*info, shown); !owner) {
    return fail_as(owner);
  }
  if (auto mode = check_mode(*info, shown, repair); !mode) {
    return fail_as(mode);
  }
  return fd;
}

}  // namespace

Result<os::UniqueFd> open_trusted_search_dir(const std::filesystem::path& path) {
  auto fd = Walk(path).run();
  if (!fd) {
    return fd;
  }
  const int raw = fd->release();
  return checked(raw, 0, S_IFDIR, path, close_one(path));
}

Result<os::UniqueFd> open_trusted_dir(int parent,
                                      const std::string& name,
                                      const std::filesystem::path& shown) {
  const int fd = ::openat(parent, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return checked(fd, errno, S_IFDIR, shown, close_all(shown));
}

Result<os::UniqueFd> open_trusted_file(int parent,
                                       const std::string& name,
                                       const std::filesystem::path& shown) {
  const int fd =
      ::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return checked(fd, errno, S_IFREG, shown, close_all(shown.parent_path()));
}

Result<os::UniqueFd> open_host_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return checked(fd, errno, S_IFREG, path, close_one(path));
}

}  // namespace paddock::plugin
