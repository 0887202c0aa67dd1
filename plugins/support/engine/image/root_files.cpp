#include "support/engine/image/root_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <string_view>

#include <linux/openat2.h>

#include "support/lent_memory.hpp"
#include "support/mount_calls.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {
namespace {

constexpr std::size_t kLongestFile = 1 << 20;
/// What the image says of services is the image's affair.
constexpr std::array<std::string_view, 5> kBrought = {"/etc/passwd", "/etc/group", "/etc/hosts",
                                                      "/etc/hostname", "/etc/resolv.conf"};

int open_within(int directory, const char* path, int flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = resolve;
  return static_cast<int>(::syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/// A file of the image's, as far as `text` has room: its length; 0 where there is none that can be
/// read. Does not allocate.
std::size_t read_within(int root, const std::string& path, std::string& text) {
  const int file = open_within(root, path.c_str(), O_RDONLY | O_NONBLOCK,
                               RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
  struct stat status {};
  const bool regular = file >= 0 && ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  const ssize_t count = regular ? ::read(file, text.data(), text.size()) : 0;
  ::close(file);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::string_view field(std::string_view line, int number) {
  for (; number > 0; --number) {
    const std::size_t colon = line.find(':');
    line = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  }
  return line.substr(0, line.find(':'));
}

template <typename Visit>
void each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    visit(line);
  }
}

/// Whether an account of `ours` has the name or the number of `line`, or it is no account.
bool is_taken(std::string_view line, std::string_view ours) {
  bool taken = field(line, 0).empty() || field(line, 2).empty();
  each_line(ours, [&](std::string_view own) {
    taken = taken || field(own, 0) == field(line, 0) || field(own, 2) == field(line, 2);
  });
  return taken;
}

std::string with_accounts(std::string ours, const std::string& theirs) {
  std::string more;
  each_line(theirs, [&](std::string_view line) {
    more += is_taken(line, ours) ? "" : std::string(line) + "\n";
  });
  return ours + more;
}

bool holds_accounts(const support::MadeFile& file) {
  return file.target == "/etc/passwd" || file.target == "/etc/group";
}

/// One file of the image's for each of `files`, from its root file system itself: nothing that is
/// mounted on it is in the way.
struct Beneath {
  std::vector<std::string> texts;
  std::vector<std::size_t> lengths;
  int error = 0;
};

/// For the mount namespace of the container. Does not allocate.
void read_beneath(Beneath& found, const std::vector<support::MadeFile>& files) {
  const mount_attr harmless{MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, 0, 0, 0};
  const int root = support::copy_mount("/");
  found.error = root < 0 || !support::change_mount(root, "", harmless) ? errno : 0;
  for (std::size_t i = 0; i < files.size() && found.error == 0; ++i) {
    found.lengths[i] = read_within(root, files[i].target, found.texts[i]);
  }
}

bool write_file(int directory, const char* name, const std::string& content) {
  if (::unlinkat(directory, name, 0) != 0 && errno != ENOENT) {
    return false;
  }
  const int fd =
      ::openat(directory, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644);
  // Root's of the container, where an ordinary user who enters it is somebody else.
  const bool written =
      fd >= 0 && ::fchown(fd, 0, 0) == 0 && ::fchmod(fd, 0644) == 0 &&
      ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  return written && ::close(fd) == 0;
}

}  // namespace

std::vector<support::MadeFile> root_files(pid_t pid, const contract::Plan& plan) {
  std::vector<support::MadeFile> files;
  if (plan.rootfs.type != contract::RootfsType::kImage) {
    return files;
  }
  const std::string path = "/proc/" + std::to_string(pid) + "/root";
  const support::UniqueFd root(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (support::MadeFile& file : support::made_files(plan)) {
    if (std::find(kBrought.begin(), kBrought.end(), file.target) == kBrought.end()) {
      continue;
    }
    if (holds_accounts(file)) {
      std::string theirs(kLongestFile, '\0');
      theirs.resize(read_within(root.get(), file.target, theirs));
      file.content = with_accounts(std::move(file.content), theirs);
    }
    files.push_back(std::move(file));
  }
  return files;
}

Result<void> add_accounts(std::vector<support::MadeFile>& files,
                          const support::MountNamespace& inside,
                          int root) {
  std::vector<support::MadeFile> accounts;
  std::copy_if(files.begin(), files.end(), std::back_inserter(accounts), holds_accounts);
  Beneath found{std::vector<std::string>(accounts.size(), std::string(kLongestFile, '\0')),
                std::vector<std::size_t>(accounts.size())};
  const int status = support::run_in_lent_memory([&] {
    if (!inside.enter() || ::fchdir(root) != 0 || ::chroot(".") != 0) {
      found.error = errno;
    } else {
      read_beneath(found, accounts);
    }
    return 0;
  });
  if (status != 0 || found.error != 0) {
    return fail_errno(status != 0 ? errno : found.error, "cannot read the image's accounts");
  }
  std::size_t next = 0;
  for (support::MadeFile& file : files) {
    if (holds_accounts(file)) {
      found.texts[next].resize(found.lengths[next]);
      file.content = with_accounts(std::move(file.content), found.texts[next++]);
    }
  }
  return {};
}

const support::MadeFile* write_root_files(const std::vector<support::MadeFile>& files) {
  constexpr std::size_t kPrefix = sizeof "/etc/" - 1;
  if (files.empty()) {
    return nullptr;
  }
  const int root = ::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool there = ::mkdirat(root, "etc", 0755) == 0 || errno == EEXIST;
  const int etc = there ? open_within(root, "etc", O_RDONLY | O_DIRECTORY,
                                      RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV)
                        : -1;
  for (const support::MadeFile& file : files) {
    if (etc < 0 || !write_file(etc, file.target.c_str() + kPrefix, file.content)) {
      return &file;
    }
  }
  return ::close(etc) == 0 && ::close(root) == 0 ? nullptr : &files.front();
}

}  // namespace paddock::engine
