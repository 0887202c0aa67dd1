// Kernel paths and hidden host directories, tried from inside.
#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/text.hpp"
#include "proof/places.hpp"
#include "proof/trials.hpp"

namespace paddock::proof {
namespace {

/// The two entries "." and ".." as getdents64(2) writes them.
constexpr std::int64_t kEmptyDirectory = 48;
constexpr long kBuffer = 4096;

bool is_directory(const View& view, const std::string& path) {
  const auto inside = view.root ? view.root->stat(path) : std::nullopt;
  return inside && S_ISDIR(inside->st_mode);
}

std::vector<ProbeCall> read_calls(const std::string& path) {
  return {open_call(path, O_RDONLY), {SYS_read, {result(0), output(kBuffer), integer(kBuffer)}}};
}

std::vector<ProbeCall> list_calls(const std::string& path) {
  return {open_call(path, O_RDONLY | O_DIRECTORY),
          {SYS_getdents64, {result(0), output(kBuffer), integer(kBuffer)}}};
}

/// Nothing comes out of it: absent, refused, or empty.
void must_be_empty(Trials& trials,
                   std::string_view leaf,
                   const std::string& path,
                   bool directory,
                   std::vector<int> errors,
                   const std::string& twin) {
  Trial& trial =
      trials.must_fail(leaf, (directory ? "list '" : "read '") + path + "'",
                       directory ? list_calls(path) : read_calls(path), std::move(errors), twin);
  trial.at_most = directory ? kEmptyDirectory : 0;
  trial.expectation.expected = "nothing, or " + trial.expectation.expected;
}

void try_masked(const View& view, Trials trials) {
  constexpr std::string_view kLeaf = "/security/masked_paths";
  const std::string twin =
      trials.must_succeed(kLeaf, "read '/proc/self/status'", read_calls("/proc/self/status"));
  trials.last().at_least = 1;
  for (const std::string& path : view.plan().security.masked_paths) {
    must_be_empty(trials, kLeaf, path, is_directory(view, path), {ENOENT, EACCES, EPERM}, twin);
  }
}

void try_read_only(const View& view, Trials trials) {
  constexpr std::string_view kLeaf = "/security/read_only_paths";
  for (const std::string& path : view.plan().security.read_only_paths) {
    std::vector<int> errors = read_only_errors(view);
    if (view.guest) {
      errors.push_back(ENOENT);  // its kernel may have no such path
    } else if (!view.root || !view.root->stat(path)) {
      continue;  // this kernel has no such path; the kernel check says so
    }
    const std::string there = view.guest ? "/proc/self/status" : path;
    const std::string twin =
        trials.must_succeed(kLeaf, "open '" + there + "'", {open_call(there, O_PATH)});
    trials.must_fail(kLeaf, "change the time of '" + path + "'", {touch_call(path)},
                     std::move(errors), twin);
  }
}

/// Something that `directory` holds on the host and that no mount at `place` brings back; empty
/// when there is nothing or the host may not look either.
std::string hidden_entry(const View& view, const std::string& directory, const std::string& place) {
  const auto is_mounted = [&](const std::string& path) {
    const auto& mounts = view.plan().mounts;
    return std::any_of(mounts.begin(), mounts.end(),
                       [&](const auto& entry) { return is_below(entry.first, path); });
  };
  std::error_code error;
  std::filesystem::directory_iterator at(directory, error), end;
  for (; !error && at != end; at.increment(error)) {
    if (!is_mounted(place + "/" + at->path().filename().string())) {
      return at->path().filename();
    }
  }
  return {};
}

void try_hidden_at(const View& view,
                   Trials& trials,
                   const std::string& host_path,
                   const Place& place,
                   const std::string& twin) {
  constexpr std::string_view kLeaf = "/security/hidden_paths";
  if (place.shows == Shows::kOther) {
    return;  // the kernel check still tells the host's own file from another
  }
  if (place.shows == Shows::kNothing) {
    const auto host = host_stat(host_path);
    must_be_empty(trials, kLeaf, place.path, !host || S_ISDIR(host->st_mode),
                  {ENOENT, ENOTDIR, EACCES}, twin);
  }
  // Opening asks for no permission on the directory itself but to search it.
  const std::string name = hidden_entry(view, host_path, place.path);
  if (!name.empty()) {
    const std::string path = place.path + "/" + name;
    std::vector<int> errors = {ENOENT, ENOTDIR};
    if (view.subject.handed_over) {
      errors.push_back(EACCES);  // the workload may have closed the way there
    }
    trials.must_fail(kLeaf, "open '" + printable(path) + "'", {open_call(path, O_PATH)},
                     std::move(errors), twin);
  }
}

void try_hidden(const View& view, Trials trials) {
  // An image need not have more than a root.
  const bool image = view.plan().rootfs.type == contract::RootfsType::kImage;
  const std::string seen = image ? "/" : "/usr";
  const std::string twin = trials.must_succeed("/security/hidden_paths", "open '" + seen + "'",
                                               {open_call(seen, O_PATH)});
  for (const std::string& path : view.plan().security.hidden_paths) {
    for (const Place& place : places_of(view, path)) {
      try_hidden_at(view, trials, path, place, twin);
    }
  }
}

}  // namespace

void try_paths(const View& view, std::vector<Trial>& list) {
  if (view.requires_("kernel-paths.masked")) {
    try_masked(view, Trials(list, "kernel-paths.masked"));
  }
  if (view.requires_("kernel-paths.read-only")) {
    try_read_only(view, Trials(list, "kernel-paths.read-only"));
  }
  if (view.requires_("host-paths.hidden")) {
    try_hidden(view, Trials(list, "host-paths.hidden"));
  }
}

}  // namespace paddock::proof
