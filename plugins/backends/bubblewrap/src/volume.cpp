#include "volume.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "support/remove_tree.hpp"
#include "support/small_file.hpp"
#include "support/unique_fd.hpp"

namespace paddock::bubblewrap {
namespace {

/// It becomes a part of a path.
Result<void> check_name(const std::string& name) {
  return name.empty() || name.front() == '.' || name.find('/') != std::string::npos
             ? Result<void>(fail(ErrorCode::kBadName, "'" + name + "' names no volume"))
             : Result<void>{};
}

/// Beside the directory, which is the workload's to fill, stands whose it is.
std::string mark_of(const std::string& directory, const std::string& name) {
  return directory + "/." + name;
}

/// Makes the mark before there is anything to be marked.
Result<void> mark(const std::string& path, const std::string& place, const std::string& instance) {
  struct stat status {};
  if (const auto found = support::read_small_file(path); found && *found == instance) {
    return {};
  }
  if (::lstat(place.c_str(), &status) == 0 || errno != ENOENT) {
    return fail(ErrorCode::kBackendRefused, "'" + place + "' is not paddock's: its mark is missing",
                "look at it, and move it away");
  }
  const support::UniqueFd fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  const bool written = fd && ::write(fd.get(), instance.data(), instance.size()) ==
                                 static_cast<ssize_t>(instance.size());
  return written ? Result<void>{} : Result<void>(fail_errno(errno, "cannot write '" + path + "'"));
}

}  // namespace

Result<contract::VolumeReply> provide_volume(const contract::VolumeRequest& request) {
  if (auto checked = check_name(request.name); !checked) {
    return fail_as(checked);
  }
  char resolved[PATH_MAX];  // what is mounted is opened without following any link
  if (::realpath(request.directory.c_str(), resolved) == nullptr) {
    return fail_errno(errno, "cannot enter '" + request.directory + "'");
  }
  const std::string place = std::string(resolved) + "/" + request.name;
  if (auto marked = mark(mark_of(resolved, request.name), place, request.instance); !marked) {
    return fail_as(marked);
  }
  struct stat status {};
  if ((::mkdir(place.c_str(), 0700) != 0 && errno != EEXIST) ||
      ::lstat(place.c_str(), &status) != 0) {
    return fail_errno(errno, "cannot make '" + place + "'");
  }
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid()) {
    return fail(ErrorCode::kBackendRefused, "'" + place + "' is no folder of this user's",
                "look at it, and move it away");
  }
  return contract::VolumeReply{place};
}

Result<void> remove_volume(const std::string& directory,
                           const std::string& name,
                           const std::string& instance) {
  if (auto checked = check_name(name); !checked) {
    return checked;
  }
  const std::string path = mark_of(directory, name);
  if (support::read_small_file(path).value_or("") != instance) {
    return {};  // gone, or not of that instance
  }
  auto removed = support::remove_tree(directory + "/" + name);
  if (removed) {
    ::unlink(path.c_str());
  }
  return removed;
}

}  // namespace paddock::bubblewrap
