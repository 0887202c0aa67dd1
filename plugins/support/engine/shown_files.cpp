#include "support/engine/shown_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "support/mount_calls.hpp"

namespace paddock::engine {
namespace {

constexpr std::array kEngines = {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"};
constexpr std::array kAccounts = {"/etc/passwd", "/etc/group"};
constexpr const char* kPlace = "/sys";
constexpr const char* kFile = "/sys/file";
constexpr std::uint64_t kAttributes =
    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

template <typename Paths>
bool lists(const Paths& paths, const std::string& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

bool write_file(const std::string& content) {
  const int fd = ::open(kFile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
  const bool written =
      fd >= 0 && ::fchmod(fd, 0444) == 0 &&
      ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  return ::close(fd) == 0 && written;  // what is open for writing does not get read-only
}

/// The tmpfs lives on in the mount of its one file.
bool show(const support::MadeFile& file) {
  if (::syscall(SYS_mount, "tmpfs", kPlace, "tmpfs", 0, "size=64k,mode=0755") != 0) {
    return false;
  }
  const mount_attr attributes{kAttributes, 0, MS_PRIVATE, 0};
  const int copy = write_file(file.content) ? support::copy_mount(kFile) : -1;
  const bool shown = copy >= 0 && support::change_mount(copy, "", attributes) &&
                     support::attach_mount(copy, file.target.c_str());
  return support::detach_mount(kPlace) && shown;
}

}  // namespace

std::vector<support::MadeFile> files_to_show(const contract::Plan& plan) {
  auto files = support::made_files(plan);
  std::erase_if(files, [](const auto& file) { return !lists(kEngines, file.target); });
  return files;
}

std::vector<support::MadeFile> files_to_bring(const contract::Plan& plan) {
  const bool image = plan.rootfs.type == contract::RootfsType::kImage;
  auto files = support::made_files(plan);
  std::erase_if(files, [&](const auto& file) {
    return file.target == "/etc/hostname" ||
           !(lists(kEngines, file.target) || (image && lists(kAccounts, file.target)));
  });
  return files;
}

const char* show_files(const std::vector<support::MadeFile>& files) {
  for (const support::MadeFile& file : files) {
    if (!show(file)) {
      return file.target.c_str();
    }
  }
  return nullptr;
}

}  // namespace paddock::engine
