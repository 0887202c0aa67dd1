#include "support/engine/root_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include <linux/openat2.h>

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

/// A file of the image's; empty where there is none that can be read.
std::string read_within(int root, const std::string& path) {
  const support::UniqueFd file(open_within(root, path.c_str(), O_RDONLY | O_NONBLOCK,
                                           RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {};
  }
  std::string text(std::min<std::size_t>(static_cast<std::size_t>(status.st_size), kLongestFile),
                   '\0');
  const ssize_t count = ::read(file.get(), text.data(), text.size());
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
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
    if (file.target == "/etc/passwd" || file.target == "/etc/group") {
      file.content = with_accounts(std::move(file.content), read_within(root.get(), file.target));
    }
    files.push_back(std::move(file));
  }
  return files;
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
