#include "run/worktree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/text.hpp"
#include "os/beneath.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "os/stage_folder.hpp"
#include "os/tree.hpp"
#include "run/git.hpp"
#include "run/worktree_place.hpp"

namespace paddock::run {
namespace {

namespace fs = std::filesystem;

std::string reference(const std::string& branch) {
  return "refs/heads/" + branch;
}

Result<void> check_branch(const std::string& branch) {
  return is_branch_name(branch)
             ? Result<void>{}
             : fail(ErrorCode::kUsage, "'" + printable(branch) + "' is no name of a branch",
                    "letters, digits, '.', '_', '-' and '/'");
}

Result<os::FileLock> take(const WorktreePlace& place, const std::string& branch) {
  constexpr int kAttempts = 5;  // who lists worktrees holds each lock for a moment
  auto lock = os::FileLock::try_acquire(place.lock(worktree_name(branch)));
  for (int i = 1; lock && !*lock && i < kAttempts; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    lock = os::FileLock::try_acquire(place.lock(worktree_name(branch)));
  }
  if (!lock) {
    return fail_as(lock);
  }
  return *lock ? Result<os::FileLock>(std::move(**lock))
               : fail(ErrorCode::kNameTaken,
                      "another sandbox uses the worktree of branch '" + branch + "'",
                      "`paddock ps` shows it; take another branch, or end it");
}

/// The commit that `ref` names; an error where it names none.
Result<std::string> tip_of(const Git& git, const fs::path& repository, const std::string& ref) {
  auto commit = git.run(
      {"--git-dir", repository.string(), "rev-parse", "--verify", "--quiet", ref + "^{commit}"});
  return commit ? commit->substr(0, commit->find('\n')) : commit;
}

/// New objects are checked as they come, and references only move forward: the other side may be
/// hostile.
Result<void> fetch(const Git& git,
                   const fs::path& into,
                   const fs::path& from,
                   const std::string& what,
                   const std::string& branch,
                   bool strict) {
  const auto done = git.run({"-c", "fetch.fsckObjects=" + std::string(strict ? "true" : "false"),
                             "--git-dir", into.string(), "fetch", "--quiet", "--no-tags",
                             "--no-write-fetch-head", "--no-auto-gc", "--no-recurse-submodules",
                             "--update-head-ok", from.string(), what + ":" + reference(branch)});
  return done ? Result<void>{} : fail_as(done);
}

/// Who commits inside is who works outside, if that is known.
void name_author(const Git& git, const fs::path& clone) {
  const fs::path own = os::user_paths().home / ".gitconfig";
  for (const char* key : {"user.name", "user.email"}) {
    const auto value = git.run({"config", "--file", own.string(), "--get", key});
    if (value && !value->empty()) {
      static_cast<void>(git.run({"--git-dir", (clone / ".git").string(), "config", key,
                                 value->substr(0, value->find('\n'))}));
    }
  }
}

/// The files of the branch, in a clone that nobody has seen yet.
Result<void> build(const Git& git,
                   const RepositoryView& view,
                   const std::string& from,
                   const std::string& branch,
                   const fs::path& clone) {
  const auto made =
      git.run({"init", "--quiet", "--template=", "--initial-branch=" + branch, clone.string()});
  if (!made) {
    return fail_as(made);
  }
  const fs::path store = clone / ".git";
  if (auto fetched = fetch(git, store, view.path(), from, branch, false); !fetched) {
    return fetched;
  }
  name_author(git, clone);
  const auto filled = git.run({"-C", clone.string(), "reset", "--quiet", "--hard"});
  return filled ? Result<void>{} : fail_as(filled);
}

/// A clone while it is made or removed, under the lock of its name.
std::string unfinished_name(const std::string& name) {
  return "." + name + ".tmp";
}

/// Nothing may stay of what is made anew: git would take its settings and hooks.
Result<void> clear(const WorktreePlace& place, const std::string& left) {
  const os::UniqueFd root(::open(place.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return os::remove_tree(root.get(), left)
             ? Result<void>{}
             : fail(ErrorCode::kSystem, "cannot remove '" + (place.root / left).string() + "'",
                    "a folder in it may be closed: chmod -R u+rwX it, and try again");
}

/// What a dead run left of making or removing it. A clone without a record is one that no sandbox
/// ever saw: the record is written before the first is launched.
Result<void> clear_unfinished(const WorktreePlace& place, const std::string& name) {
  auto cleared = clear(place, unfinished_name(name));
  return cleared ? clear(place, name) : cleared;
}

Result<WorktreeRecord> create(const WorktreePlace& place, const std::string& branch) {
  const auto git = Git::find();
  const auto view = git ? RepositoryView::open(place.git(), place.root) : fail_as(git);
  if (!view) {
    return fail_as(view);
  }
  const auto tip = tip_of(*git, view->path(), reference(branch));
  const std::string from = tip ? reference(branch) : "HEAD";
  const auto base = tip ? tip : tip_of(*git, view->path(), from);
  if (!base) {
    return fail(ErrorCode::kUsage,
                "the repository '" + place.repository.string() + "' has no commit yet",
                "commit something first");
  }
  const std::string name = worktree_name(branch);
  if (auto cleared = clear_unfinished(place, name); !cleared) {
    return fail_as(cleared);
  }
  const fs::path unfinished = place.root / unfinished_name(name);
  if (auto built = build(*git, *view, from, branch, unfinished); !built) {
    static_cast<void>(clear_unfinished(place, name));  // else the next one does
    return fail_as(built);
  }
  if (::rename(unfinished.c_str(), place.folder(name).c_str()) != 0) {
    return fail_errno(errno, "cannot write '" + place.folder(name).string() + "'");
  }
  WorktreeRecord record{place.repository, branch, *base, place.folder(name)};
  const auto written = os::write_atomic(place.record(name), encode_record(record), false);
  return written ? Result<WorktreeRecord>(std::move(record)) : fail_as(written);
}

bool is_later(std::time_t seconds, std::uint32_t nanoseconds, const struct stat& than) {
  return seconds > than.st_ctim.tv_sec ||
         (seconds == than.st_ctim.tv_sec && nanoseconds > than.st_ctim.tv_nsec);
}

/// Looks for anything that was done after the record was written. That git refreshed its index is
/// nothing.
class Watcher final : public os::TreeVisitor {
 public:
  explicit Watcher(const struct stat& record) : record_(record) {}
  bool see(int, const os::TreeEntry& entry) override {
    const bool nothing = entry.path == ".git" || entry.path == ".git/index";
    changed_ = changed_ || (!nothing && is_later(entry.changed, entry.changed_ns, record_));
    return !changed_;
  }
  void leave(const os::TreeEntry&) override {}
  bool changed() const { return changed_; }

 private:
  const struct stat& record_;
  bool changed_ = false;
};

/// Whatever cannot be looked at counts as work.
bool is_changed(const WorktreePlace& place, const std::string& name) {
  struct stat record {
  }, root{};
  const os::UniqueFd folder = os::open_without_links(place.folder(name), O_RDONLY | O_DIRECTORY);
  if (!folder || ::fstat(folder.get(), &root) != 0 ||
      ::stat(place.record(name).c_str(), &record) != 0 ||
      is_later(root.st_ctim.tv_sec, static_cast<std::uint32_t>(root.st_ctim.tv_nsec), record)) {
    return true;
  }
  Watcher watcher(record);
  const auto unseen = os::walk_tree(folder.get(), watcher);
  return watcher.changed() || !unseen.empty();
}

/// First out of the way, so that no half of it is ever taken for a clone.
Result<void> remove(const WorktreePlace& place, const std::string& name) {
  const std::string left = unfinished_name(name);
  if (auto cleared = clear(place, left); !cleared) {
    return cleared;
  }
  if (::rename(place.folder(name).c_str(), (place.root / left).c_str()) != 0 && errno != ENOENT) {
    return fail_errno(errno, "cannot remove '" + place.folder(name).string() + "'");
  }
  ::unlink(place.record(name).c_str());
  return clear(place, left);
}

/// A worktree that is there, held by us.
struct Held {
  WorktreePlace place;
  WorktreeRecord record;
  os::FileLock lock;
};

Result<Held> hold(const fs::path& folder, const std::string& branch) {
  auto place = find_place(folder);
  const auto record =
      place ? read_worktree_record(place->record(worktree_name(branch))) : fail_as(place);
  if (place && (!record || record->branch != branch)) {
    return fail(ErrorCode::kNoSandbox, "there is no worktree of branch '" + printable(branch) + "'",
                "`paddock worktree list` shows those of this repository");
  }
  auto lock = record ? take(*place, branch) : fail_as(record);
  return lock ? Result<Held>(Held{std::move(*place), *record, std::move(*lock)}) : fail_as(lock);
}

}  // namespace

Result<Worktree> open_worktree(const fs::path& folder, const std::string& branch) {
  if (auto fit = check_branch(branch); !fit) {
    return fail_as(fit);
  }
  const auto place = find_place(folder);
  if (!place) {
    return fail_as(place);
  }
  for (const fs::path& path : {place->root.parent_path(), place->root}) {
    if (auto made = os::make_private_dir(path); !made) {
      return fail_as(made);
    }
  }
  auto lock = take(*place, branch);
  if (!lock) {
    return fail_as(lock);
  }
  const std::string name = worktree_name(branch);
  const bool kept = ::access(place->record(name).c_str(), F_OK) == 0 &&
                    ::access(place->folder(name).c_str(), F_OK) == 0;
  auto record = kept ? read_worktree_record(place->record(name)) : create(*place, branch);
  return record ? Result<Worktree>(Worktree{std::move(*record), name, !kept, std::move(*lock)})
                : fail_as(record);
}

bool close_worktree(const Worktree& worktree) {
  const auto place = find_place(worktree.record.repository);
  return !place || is_changed(*place, worktree.name) || !remove(*place, worktree.name);
}

Result<std::vector<WorktreeStatus>> list_worktrees(const fs::path& folder) {
  const auto place = find_place(folder);
  if (!place) {
    return fail_as(place);
  }
  std::vector<WorktreeStatus> list;
  const auto names = os::list_dir(place->root);
  for (const std::string& file : names ? *names : std::vector<std::string>{}) {
    auto record = file.ends_with(".json") ? read_worktree_record(place->root / file)
                                          : fail(ErrorCode::kNoSandbox, file);
    if (record) {
      const bool changed = is_changed(*place, worktree_name(record->branch));
      const auto lock = os::FileLock::try_acquire(place->lock(worktree_name(record->branch)));
      list.push_back({std::move(*record), !lock || !*lock, changed});
    }
  }
  return list;
}

namespace {

/// The main worktree's branch, and those of `git worktree`.
Result<void> check_not_checked_out(const Held& held, const RepositoryView& into) {
  const std::string ref = reference(held.record.branch);
  bool taken = into.head() == ref;
  const fs::path others = held.place.git() / "worktrees";
  const auto names = os::list_dir(others);
  for (const std::string& name : names ? *names : std::vector<std::string>{}) {
    taken = taken || os::read_file(others / name / "HEAD").value_or("") == "ref: " + ref + "\n";
  }
  return taken ? Result<void>(fail(ErrorCode::kUsage,
                                   "branch '" + held.record.branch + "' is checked out in '" +
                                       held.record.repository + "' or a worktree of it",
                                   "check out another one there first"))
               : Result<void>{};
}

}  // namespace

Result<std::string> fetch_branch(const fs::path& folder, const std::string& branch) {
  const auto held = hold(folder, branch);
  const auto git = held ? Git::find() : fail_as(held);
  const auto into = git ? RepositoryView::open(held->place.git(), held->place.root) : fail_as(git);
  const auto from =
      into ? RepositoryView::open(fs::path(held->record.folder) / ".git", held->place.root)
           : fail_as(into);
  if (!from) {
    return fail_as(from);
  }
  if (auto fit = check_not_checked_out(*held, *into); !fit) {
    return fail_as(fit);
  }
  if (auto done = fetch(*git, into->path(), from->path(), reference(branch), branch, true); !done) {
    return fail_as(done);
  }
  return tip_of(*git, into->path(), reference(branch));
}

Result<void> remove_worktree(const fs::path& folder, const std::string& branch) {
  const auto held = hold(folder, branch);
  return held ? remove(held->place, worktree_name(branch)) : fail_as(held);
}

}  // namespace paddock::run
