#include "os/stage_folder.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "os/beneath.hpp"
#include "os/file.hpp"

namespace paddock::os {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::string self_path(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

Failure cannot_move(const std::string& path) {
  const std::string quoted = "'" + printable(path) + "'";
  return errno == EEXIST ? fail(ErrorCode::kBadName, quoted + " is there",
                                "choose another folder, or replace it with --force")
                         : fail_errno(errno, "cannot write " + quoted);
}

Result<void> move(int from, int to, const std::string& name, const std::string& path, bool merge) {
  if (::renameat2(from, name.c_str(), to, name.c_str(), RENAME_NOREPLACE) == 0) {
    return {};
  }
  if (errno != EEXIST || !merge) {
    return cannot_move(path);
  }
  const UniqueFd ours(::openat(from, name.c_str(), kFolder));
  if (!ours) {  // a file: whatever but a folder is replaced
    return ::renameat(from, name.c_str(), to, name.c_str()) == 0 ? Result<void>{}
                                                                 : Result<void>(cannot_move(path));
  }
  const UniqueFd theirs = open_beneath(to, name, kFolder);
  const auto names = theirs ? list_dir(self_path(ours.get())) : cannot_move(path);
  for (const std::string& inner : names ? *names : std::vector<std::string>{}) {
    if (auto moved = move(ours.get(), theirs.get(), inner, path + "/" + inner, merge); !moved) {
      return moved;
    }
  }
  return names ? Result<void>{} : fail_as(names);
}

}  // namespace

StageFolder::StageFolder(int parent, std::string name, UniqueFd fd)
    : parent_(parent), name_(std::move(name)), fd_(std::move(fd)) {}

StageFolder::~StageFolder() {
  if (fd_) {
    remove_tree(parent_, name_);
  }
}

Result<StageFolder> StageFolder::create(int parent) {
  std::string name = ".paddock-" + random_hex(8) + ".tmp";
  if (::mkdirat(parent, name.c_str(), 0700) != 0) {
    return fail_errno(errno, "cannot write there");
  }
  UniqueFd fd(::openat(parent, name.c_str(), kFolder));
  if (!fd) {
    return fail_errno(errno, "cannot write there");
  }
  return StageFolder(parent, std::move(name), std::move(fd));
}

Result<void> StageFolder::move_out(const std::string& name, bool merge) const {
  return move(fd_.get(), parent_, name, name, merge);
}

bool remove_tree(int folder, const std::string& name) {
  // libstdc++ walks by openat and O_NOFOLLOW; the first step is through our own descriptor.
  std::error_code error;
  std::filesystem::remove_all(self_path(folder) + "/" + name, error);
  return !error;
}

}  // namespace paddock::os
