#include "plan/pin.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <variant>

#include "os/unique_fd.hpp"
#include "paddock/contract/mount_source.hpp"
#include "plan/builder.hpp"

namespace paddock::plan {
namespace {

using contract::FileIdentity;

/// The identity of what is at `path`, or in words why it cannot be mounted.
std::variant<FileIdentity, std::string> identify(const std::string& path) {
  const os::UniqueFd fd(contract::open_mount_source(path));
  if (!fd) {
    return errno == ELOOP ? "a part of it is a link now" : std::string(std::strerror(errno));
  }
  // A folder that was moved while it was opened has another name than the one that was judged.
  std::error_code ignored;
  const auto name =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd.get()), ignored);
  if (name != path) {
    return "it was moved";
  }
  struct stat status {};
  const auto identity = contract::identity_of(fd.get());
  if (!identity || ::fstat(fd.get(), &status) != 0) {
    return std::string(std::strerror(errno));
  }
  if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
    return "it is neither a file nor a folder now";
  }
  return *identity;
}

Error changed(const Draft& draft,
              const std::string& target,
              const std::string& source,
              const std::string& why) {
  Error error =
      fail(ErrorCode::kForbiddenPath, "'" + source + "' changed after it was checked: " + why,
           "something replaces it, a running sandbox perhaps: stop that and try again")
          .value();
  const auto origin = draft.origins.find("/mounts/" + contract::escape_pointer(target));
  if (origin != draft.origins.end() && origin->second.front().where.line != 0) {
    error.where = origin->second.front().where;
  }
  return error;
}

}  // namespace

Result<void> pin_sources(Draft& draft) {
  std::vector<Error> problems;
  for (auto& [target, mount] : draft.plan.mounts) {
    if (mount.type != contract::MountType::kBind) {
      continue;
    }
    const auto found = identify(mount.source);
    if (const auto* identity = std::get_if<FileIdentity>(&found)) {
      mount.identity = *identity;
    } else {
      problems.push_back(changed(draft, target, mount.source, std::get<std::string>(found)));
    }
  }
  if (!problems.empty()) {
    return Failure(collect(std::move(problems)));
  }
  return {};
}

Result<FileIdentity> identify_directory(const std::string& path) {
  const bool absolute = path.starts_with('/');
  const auto found = absolute ? identify(path) : "it is no absolute path";
  const auto* identity = std::get_if<FileIdentity>(&found);
  std::error_code ignored;
  if (identity != nullptr && std::filesystem::is_directory(path, ignored)) {
    return *identity;
  }
  return fail(ErrorCode::kForbiddenPath,
              "'" + path + "' cannot be mounted: " +
                  (identity != nullptr ? "it is no folder" : std::get<std::string>(found)));
}

}  // namespace paddock::plan
