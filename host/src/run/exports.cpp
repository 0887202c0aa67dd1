#include "run/exports.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "os/beneath.hpp"
#include "os/file.hpp"
#include "os/new_file.hpp"
#include "os/paths.hpp"
#include "os/stage_folder.hpp"

namespace paddock::run {
namespace {

namespace fs = std::filesystem;

class Lister final : public os::TreeVisitor {
 public:
  explicit Lister(Exports& exports) : exports_(exports) {}
  bool see(int, const os::TreeEntry& entry) override {
    exports_.entries.push_back(entry);
    return true;
  }
  void leave(const os::TreeEntry&) override {}

 private:
  Exports& exports_;
};

/// Rebuilds what it sees below a folder of ours that nobody else has.
class Copier final : public os::TreeVisitor {
 public:
  Copier(int to, Exports& exports) : to_(to), exports_(exports) {}

  bool see(int folder, const os::TreeEntry& entry) override {
    if (failure_) {
      return false;
    }
    if (entry.is_folder()) {
      return make_folder(entry);
    }
    if (!S_ISREG(entry.mode)) {
      leave_out(entry, std::string("it is a ") + os::type_word(entry.mode));
    } else if (auto done = copy(folder, entry); !done) {
      failure_ = done.error();
    }
    return false;
  }

  void leave(const os::TreeEntry&) override { folders_.pop_back(); }

  const std::optional<Error>& failure() const { return failure_; }

 private:
  bool make_folder(const os::TreeEntry& entry) {
    const int parent = current();
    os::UniqueFd made;
    if (::mkdirat(parent, entry.name.c_str(), 0777) == 0) {
      made = os::UniqueFd(
          ::openat(parent, entry.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    if (!made) {
      failure_ =
          fail_errno(errno, "cannot make the folder '" + printable(entry.path) + "'").value();
      return false;
    }
    folders_.push_back(std::move(made));
    exports_.entries.push_back(entry);
    return true;
  }

  /// What is opened need not be what was seen: it is judged again by its descriptor.
  Result<void> copy(int folder, const os::TreeEntry& entry) {
    const os::UniqueFd from = os::open_beneath(folder, entry.name, O_RDONLY | O_NOFOLLOW);
    struct stat status {};
    if (!from || ::fstat(from.get(), &status) != 0) {
      leave_out(entry, std::strerror(errno));
      return {};
    }
    if (!S_ISREG(status.st_mode)) {
      leave_out(entry, "it was exchanged meanwhile");
      return {};
    }
    const os::UniqueFd to(::openat(current(), entry.name.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                   (status.st_mode & 0777) | 0600));
    if (!to) {
      return fail_errno(errno, "cannot write '" + printable(entry.path) + "'");
    }
    exports_.entries.push_back(entry);
    auto copied =
        os::copy_content(from.get(), to.get(), static_cast<std::uint64_t>(status.st_size));
    return copied ? Result<void>{}
                  : fail_with(std::move(copied), "'" + printable(entry.path) + "'");
  }

  int current() const { return folders_.empty() ? to_ : folders_.back().get(); }

  void leave_out(const os::TreeEntry& entry, std::string why) {
    exports_.left_out.push_back({entry.path, std::move(why)});
  }

  int to_;
  Exports& exports_;
  std::vector<os::UniqueFd> folders_;  // below it, down to where the walk is
  std::optional<Error> failure_;
};

Result<os::UniqueFd> open_exports(const Workspace& workspace) {
  const auto folder = named_folder(workspace, "exports", false);
  return folder ? open_folder(*folder) : fail_as(folder);
}

bool holds_path(const fs::path& outer, const fs::path& inner) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// A file that a workload names .bashrc or .ssh/authorized_keys is no export at home; and what is
/// copied into its own source has no end.
Result<void> check_place(const fs::path& to, const Workspace& workspace) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(to, ignored);
  const fs::path home = fs::weakly_canonical(os::user_paths().home, ignored);
  if (holds_path(real, home)) {
    return fail(ErrorCode::kForbiddenPath,
                "'" + printable(to.string()) +
                    "' is your home or holds it: what a sandbox names "
                    "'.profile' would be run there",
                "choose a folder of its own");
  }
  for (const WorkFolder& folder : workspace.folders) {
    if (holds_path(fs::path(folder.source), real)) {
      return fail(ErrorCode::kForbiddenPath,
                  "'" + printable(to.string()) + "' lies in the sandbox's workspace",
                  "choose a folder outside of it");
    }
  }
  return {};
}

/// The folder to copy to. One that was made for it goes again unless it is kept.
class Target {
 public:
  explicit Target(const fs::path& path) : path_(path) {
    made_ = ::mkdir(path.c_str(), 0777) == 0;
    fd_ = os::UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  ~Target() {
    if (made_) {
      ::rmdir(path_.c_str());
    }
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  const os::UniqueFd& fd() const { return fd_; }
  void keep() { made_ = false; }

 private:
  fs::path path_;
  bool made_;
  os::UniqueFd fd_;
};

/// Asked before anything is copied.
Result<void> check_free(int folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      return fail(ErrorCode::kBadName, "'" + printable(name) + "' is there",
                  "choose another folder, or replace it with --force");
    }
  }
  return {};
}

Result<Exports> stage(int from, int to) {
  Exports exports;
  Copier copier(to, exports);
  for (os::Unseen& unseen : os::walk_tree(from, copier)) {
    exports.left_out.push_back(std::move(unseen));
  }
  return copier.failure() ? Failure(*copier.failure()) : Result<Exports>(std::move(exports));
}

std::string self_path(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

Result<Exports> copy_all(int from, int to, bool force) {
  const auto names = os::list_dir(self_path(from));
  if (!names) {
    return fail_as(names);
  }
  if (auto free = force ? Result<void>{} : check_free(to, *names); !free) {
    return fail_as(free);
  }
  const auto staged = os::StageFolder::create(to);
  auto exports = staged ? stage(from, staged->fd()) : fail_as(staged);
  const auto ready = exports ? os::list_dir(self_path(staged->fd())) : fail_as(exports);
  if (!ready) {
    return fail_as(ready);
  }
  for (const std::string& name : *ready) {
    if (auto moved = staged->move_out(name, force); !moved) {
      return fail_as(moved);
    }
  }
  return exports;
}

}  // namespace

Result<Exports> list_exports(const Workspace& workspace) {
  const auto folder = open_exports(workspace);
  if (!folder) {
    return fail_as(folder);
  }
  Exports exports;
  Lister lister(exports);
  exports.left_out = os::walk_tree(folder->get(), lister);
  return exports;
}

Result<Exports> copy_exports(const Workspace& workspace, const fs::path& to, bool force) {
  const auto from = open_exports(workspace);
  if (!from) {
    return fail_as(from);
  }
  if (auto fit = check_place(to, workspace); !fit) {
    return fail_as(fit);
  }
  Target target(to);
  if (!target.fd()) {
    return fail_errno(errno, "cannot open '" + printable(to.string()) + "'");
  }
  auto exports = copy_all(from->get(), target.fd().get(), force);
  if (exports) {
    target.keep();
  }
  return exports;
}

}  // namespace paddock::run
