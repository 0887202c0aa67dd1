#include "run/state.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "os/file.hpp"

namespace paddock::run {
namespace {

// The records that are kept for certain; older ones go as many at a time, so that few launches wait
// for the disk.
constexpr std::size_t kKeptRecords = 20;
constexpr std::size_t kStateLimit = 16 << 20;
constexpr const char* kStopped = "stopped";

/// Whether there is something there to be listed. Errors: it is not ours alone, so that nothing
/// that it says is believed.
Result<bool> is_listed(const std::filesystem::path& directory) {
  struct stat info {};
  if (::lstat(directory.c_str(), &info) != 0 && errno == ENOENT) {
    return false;
  }
  const auto sound = os::check_private_dir(directory);
  return sound ? Result<bool>(true) : fail_as(sound);
}

/// Directories `part` of the state directory; both must be ours.
Result<std::vector<std::string>> list_names(const std::filesystem::path& root, const char* part) {
  for (const auto& directory : {root, root / part}) {
    const auto listed = is_listed(directory);
    if (!listed || !*listed) {
      return listed ? Result<std::vector<std::string>>{} : fail_as(listed);
    }
  }
  auto names = os::list_dir(root / part);
  if (names) {
    names->erase(
        std::remove_if(names->begin(), names->end(), [](const auto& n) { return !is_name(n); }),
        names->end());
  }
  return names;
}

Failure no_sandbox(const std::string& name, const std::vector<std::string>& known) {
  const auto near = nearest(name, known);
  return fail(ErrorCode::kNoSandbox, "no sandbox named '" + printable(name) + "'",
              near ? "did you mean '" + *near + "'?" : "`paddock ps --all` lists them");
}

Failure name_taken(const std::string& name, const Result<State>& state) {
  const bool ended = state && state->phase == Phase::kUnreleased;
  return fail(ErrorCode::kNameTaken, "a sandbox named '" + name + "' exists",
              ended ? "`paddock gc` clears it away" : "`paddock stop " + name + "` ends it");
}

struct timespec changed_at(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mtim : timespec{};
}

bool older(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

}  // namespace

std::filesystem::path Store::directory(const std::string& name) const {
  return root_ / "sandboxes" / name;
}

std::filesystem::path Store::ended_directory(const std::string& name) const {
  return root_ / "ended" / name;
}

Result<std::vector<std::string>> Store::names() const {
  return list_names(root_, "sandboxes");
}

Result<std::vector<std::string>> Store::ended_names() const {
  return list_names(root_, "ended");
}

Result<std::vector<std::string>> Store::all_names() const {
  auto all = names();
  auto ended = ended_names();
  if (!all || !ended) {
    return all ? ended : all;
  }
  all->insert(all->end(), ended->begin(), ended->end());
  std::sort(all->begin(), all->end());
  all->erase(std::unique(all->begin(), all->end()), all->end());
  return all;
}

Result<os::FileLock> Store::lock_registry() const {
  return os::FileLock::acquire(root_ / "lock");
}

Result<os::FileLock> Store::claim(const std::string& name) const {
  for (const auto& directory : {root_, root_ / "sandboxes"}) {
    if (auto made = os::make_private_dir(directory); !made) {
      return fail_as(made);
    }
  }
  const auto registry = lock_registry();
  if (!registry) {
    return fail_as(registry);
  }
  if (::mkdir(directory(name).c_str(), 0700) != 0) {
    const int error = errno;
    return error == EEXIST ? name_taken(name, load(name))
                           : fail_errno(error, "cannot create '" + directory(name).string() + "'");
  }
  auto lock = os::FileLock::acquire(directory(name) / "lock");
  if (!lock) {
    std::error_code ignored;
    std::filesystem::remove_all(directory(name), ignored);
  }
  return lock;
}

Result<std::vector<Abandoned>> Store::take_abandoned(const std::string& only) const {
  const auto candidates = names();
  if (!candidates || candidates->empty()) {
    return candidates ? Result<std::vector<Abandoned>>{} : fail_as(candidates);
  }
  const auto registry = lock_registry();
  if (!registry) {
    return fail_as(registry);
  }
  std::vector<Abandoned> abandoned;
  for (const std::string& name : *candidates) {
    std::error_code ignored;
    if ((!only.empty() && name != only) ||
        !std::filesystem::is_directory(directory(name), ignored)) {
      continue;  // not asked for, or it ended meanwhile
    }
    auto lock = os::FileLock::try_acquire(directory(name) / "lock");
    if (!lock) {
      return fail_as(lock);
    }
    if (*lock) {
      abandoned.push_back({name, std::move(**lock)});
    }
  }
  return abandoned;
}

Result<void> Store::retire(const std::string& name) const {
  if (auto made = os::make_private_dir(root_ / "ended"); !made) {
    return made;
  }
  const auto registry = lock_registry();
  if (!registry) {
    return fail_as(registry);
  }
  std::error_code error;
  std::filesystem::remove_all(ended_directory(name), error);
  std::filesystem::remove_all(directory(name) / "run", error);
  for (const char* of_the_living : {"launch.json", kKeeperSocket, kStopped}) {
    std::filesystem::remove(directory(name) / of_the_living, error);
  }
  std::filesystem::rename(directory(name), ended_directory(name), error);
  if (error) {
    return fail_errno(error.value(), "cannot move '" + directory(name).string() + "'");
  }
  prune(name);
  return {};
}

void Store::prune(const std::string& newest) const {
  auto ended = ended_names();
  if (!ended || ended->size() <= 2 * kKeptRecords) {
    return;
  }
  std::vector<std::pair<timespec, std::string>> by_age;
  for (const std::string& name : *ended) {
    std::error_code ignored;
    const bool restartable = std::filesystem::exists(log_directory(name), ignored);
    if (name != newest && !restartable) {  // whatever the clock said when the others were written
      by_age.emplace_back(changed_at(ended_directory(name) / "state.json"), name);
    }
  }
  std::sort(by_age.begin(), by_age.end(),
            [](const auto& a, const auto& b) { return older(a.first, b.first); });
  for (std::size_t i = 0; i + kKeptRecords <= by_age.size(); ++i) {
    std::error_code ignored;
    std::filesystem::remove_all(ended_directory(by_age[i].second), ignored);
  }
}

Result<void> Store::discard(const std::string& name) const {
  const auto registry = lock_registry();
  if (!registry) {
    return fail_as(registry);
  }
  std::error_code error;
  std::filesystem::remove_all(directory(name), error);
  return error ? fail_errno(error.value(), "cannot remove '" + directory(name).string() + "'")
               : Result<void>{};
}

Result<void> Store::forget(const std::string& name) const {
  const auto registry = lock_registry();
  if (!registry) {
    return fail_as(registry);
  }
  for (const auto& place : {log_directory(name), ended_directory(name), directory(name)}) {
    std::error_code error;
    std::filesystem::remove_all(place, error);
    if (error) {
      return fail_errno(error.value(), "cannot remove '" + place.string() + "'");
    }
  }
  return {};
}

std::filesystem::path Store::log_directory(const std::string& name) const {
  return root_ / "logs" / name;
}

void Store::drop_log(const std::string& name) const {
  std::error_code ignored;
  std::filesystem::remove_all(log_directory(name), ignored);
}

void Store::mark_stopped(const std::string& name) const {
  (void)os::write_atomic(directory(name) / kStopped, "", false).has_value();
}

bool Store::is_marked_stopped(const std::string& name) const {
  std::error_code ignored;
  return std::filesystem::exists(directory(name) / kStopped, ignored);
}

Result<keep::LogWriter> Store::open_log(const std::string& name,
                                        bool goes_on,
                                        std::uint64_t limit) const {
  if (!goes_on) {
    drop_log(name);
  }
  if (auto made = os::make_private_dir(root_ / "logs"); !made) {
    return fail_as(made);
  }
  return keep::LogWriter::open(log_directory(name), limit);
}

Result<keep::LogReader> Store::read_log(const std::string& name) const {
  const auto known = all_names();
  if (!known) {
    return fail_as(known);
  }
  if (std::find(known->begin(), known->end(), name) == known->end()) {
    return no_sandbox(name, *known);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(log_directory(name), ignored)) {
    return fail(ErrorCode::kNoSandbox,
                "sandbox '" + name + "' has no log: it did not run in the background",
                "`paddock run --detach` keeps what the work writes");
  }
  return keep::LogReader::open(log_directory(name));
}

Result<State> Store::load(const std::string& name) const {
  const auto known = names();
  if (!known) {
    return fail_as(known);
  }
  if (std::find(known->begin(), known->end(), name) == known->end()) {
    return no_sandbox(name, *known);
  }
  const auto text = os::read_file(directory(name) / "state.json", kStateLimit);
  auto state = text ? decode_state(*text) : fail_as(text);
  // The name becomes a path again.
  return !state || state->name == name
             ? std::move(state)
             : fail(ErrorCode::kStateCorrupt, "a state file is damaged: it names another sandbox");
}

Result<State> Store::load_ended(const std::string& name) const {
  const auto known = ended_names();
  if (!known) {
    return fail_as(known);
  }
  if (std::find(known->begin(), known->end(), name) == known->end()) {
    return no_sandbox(name, *known);
  }
  const auto text = os::read_file(ended_directory(name) / "state.json", kStateLimit);
  return text ? decode_state(*text) : fail_as(text);
}

Result<void> Store::save(const State& state) const {
  return os::write_atomic(directory(state.name) / "state.json", encode_state(state), false);
}

Result<std::string> Store::read_record(const std::string& name) const {
  return os::read_file(directory(name) / "launch.json", kStateLimit);
}

std::string Store::read_complaints(const std::string& name) const {
  for (const auto& place : {directory(name), ended_directory(name)}) {
    if (auto text = os::read_file(place / kComplaints)) {
      return std::move(*text);
    }
  }
  return {};
}

Result<std::string> Store::read_receipt(const std::string& name) const {
  const auto known = all_names();
  if (!known) {
    return fail_as(known);
  }
  if (std::find(known->begin(), known->end(), name) == known->end()) {
    return no_sandbox(name, *known);
  }
  for (const auto& directory : {directory(name), ended_directory(name)}) {
    std::error_code ignored;
    if (std::filesystem::exists(directory / "receipt.json", ignored)) {
      return os::read_file(directory / "receipt.json", kStateLimit);
    }
  }
  return fail(ErrorCode::kNoSandbox,
              "sandbox '" + name + "' has no receipt: it was not proved, or not yet");
}

}  // namespace paddock::run
