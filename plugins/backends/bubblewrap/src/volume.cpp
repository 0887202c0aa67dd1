#include "volume.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "support/remove_tree.hpp"

namespace paddock::bubblewrap {
namespace {

/// It becomes a part of a path.
Result<void> check_name(const std::string& name) {
  return name.empty() || name.front() == '.' || name.find('/') != std::string::npos
             ? Result<void>(fail(ErrorCode::kBadName, "'" + name + "' names no volume"))
             : Result<void>{};
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

Result<void> remove_volume(const std::string& directory, const std::string& name) {
  auto checked = check_name(name);
  return checked ? support::remove_tree(directory + "/" + name) : checked;
}

}  // namespace paddock::bubblewrap
