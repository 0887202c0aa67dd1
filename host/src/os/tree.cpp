#include "os/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "os/beneath.hpp"

namespace paddock::os {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

std::optional<TreeEntry> look_at(int folder, const std::string& path, const std::string& name) {
  struct statx info {};
  if (::statx(folder, name.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
              STATX_BASIC_STATS | STATX_BTIME, &info) != 0) {
    return std::nullopt;
  }
  TreeEntry entry;
  entry.path = path;
  entry.name = name;
  entry.mode = info.stx_mode;
  entry.size = info.stx_size;
  entry.modified = info.stx_mtime.tv_sec;
  entry.changed = info.stx_ctime.tv_sec;
  entry.changed_ns = info.stx_ctime.tv_nsec;
  if ((info.stx_mask & STATX_BTIME) != 0) {
    entry.born = info.stx_btime.tv_sec;
  }
  return entry;
}

class Walk {
 public:
  Walk(TreeVisitor& visitor, const WalkLimits& limits) : visitor_(visitor), limits_(limits) {}

  std::vector<Unseen> run(int root) {
    enter(UniqueFd(::openat(root, ".", kFolder | O_CLOEXEC)), {});
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.next == level.names.size()) {
        finish();
      } else {
        take(level, level.names[level.next++]);
      }
    }
    return std::move(unseen_);
  }

 private:
  struct Level {
    UniqueFd fd;
    TreeEntry folder;
    std::vector<std::string> names;
    std::size_t next = 0;
  };

  void take(const Level& level, const std::string& name) {
    const std::string path = level.folder.path.empty() ? name : level.folder.path + "/" + name;
    const auto entry = look_at(level.fd.get(), path, name);
    if (!entry) {
      if (errno != ENOENT) {
        leave_out(path, std::strerror(errno));
      }
      return;  // gone since it was listed
    }
    if (!visitor_.see(level.fd.get(), *entry) || !entry->is_folder()) {
      return;
    }
    if (levels_.size() >= limits_.depth) {
      leave_out(path, "folders lie deeper than " + std::to_string(limits_.depth));
      return visitor_.leave(*entry);
    }
    enter(open_beneath(level.fd.get(), name, kFolder), *entry);
  }

  void enter(UniqueFd fd, const TreeEntry& folder) {
    if (!fd) {
      leave_out(folder.path, errno == EXDEV                       ? "something is mounted there"
                             : errno == ELOOP || errno == ENOTDIR ? "it was exchanged meanwhile"
                                                                  : std::strerror(errno));
      if (!folder.path.empty()) {
        visitor_.leave(folder);
      }
      return;
    }
    Level level{std::move(fd), folder, {}, 0};
    list(level);
    levels_.push_back(std::move(level));
  }

  void list(Level& level) {
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(
        ::fdopendir(::fcntl(level.fd.get(), F_DUPFD_CLOEXEC, 3)), &::closedir);
    errno = dir ? 0 : errno;
    while (const dirent* found = dir ? ::readdir(dir.get()) : nullptr) {
      const std::string name = static_cast<const char*>(found->d_name);
      if (name == "." || name == "..") {
        continue;
      }
      if (++seen_ > limits_.entries) {
        leave_out(level.folder.path,
                  "more than " + std::to_string(limits_.entries) + " files and folders");
        break;
      }
      level.names.push_back(name);
    }
    if (errno != 0) {
      leave_out(level.folder.path, std::strerror(errno));
    }
    std::sort(level.names.begin(), level.names.end());
  }

  void finish() {
    const TreeEntry folder = std::move(levels_.back().folder);
    levels_.pop_back();
    if (!folder.path.empty()) {
      visitor_.leave(folder);
    }
  }

  void leave_out(const std::string& path, std::string why) {
    unseen_.push_back({path.empty() ? "." : path, std::move(why)});
  }

  TreeVisitor& visitor_;
  const WalkLimits& limits_;
  std::vector<Level> levels_;
  std::vector<Unseen> unseen_;
  std::size_t seen_ = 0;
};

}  // namespace

const char* type_word(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "folder";
    case S_IFLNK:
      return "link";
    case S_IFIFO:
      return "fifo";
    case S_IFSOCK:
      return "socket";
    default:
      return "device";
  }
}

std::vector<Unseen> walk_tree(int root, TreeVisitor& visitor, const WalkLimits& limits) {
  return Walk(visitor, limits).run(root);
}

}  // namespace paddock::os
