#include "proof/trials.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "proof/errno_text.hpp"

namespace paddock::proof {

std::string integer(long value) {
  return "i" + std::to_string(value);
}

std::string text(std::string_view value) {
  return "s" + std::string(value);
}

std::string bytes(const void* data, std::size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex = "x";
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned char byte = static_cast<const unsigned char*>(data)[i];
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string output(std::size_t size) {
  return "o" + std::to_string(size);
}

std::string result(int step) {
  return "r" + std::to_string(step);
}

ProbeCall touch_call(std::string_view path) {
  return {SYS_utimensat, {integer(AT_FDCWD), text(path), "i0", "i0"}};
}

ProbeCall open_call(std::string_view path, long flags) {
  return {SYS_openat, {integer(AT_FDCWD), text(path), integer(flags | O_CLOEXEC), integer(0600)}};
}

Trial& Trials::add(std::string_view kind,
                   std::string_view subject,
                   std::string what,
                   std::vector<ProbeCall> calls) {
  Trial trial;
  trial.probe.id = protection_ + "#" + std::to_string(list_.size());
  trial.probe.calls = std::move(calls);
  trial.expectation = {
      protection_, std::string(subject), std::string(kind), std::move(what), "succeeds", "", false};
  return list_.emplace_back(std::move(trial));
}

std::string Trials::must_succeed(std::string_view subject,
                                 std::string what,
                                 std::vector<ProbeCall> calls) {
  return add("must-succeed", subject, std::move(what), std::move(calls)).probe.id;
}

std::string Trials::must_be_writable(const View& view,
                                     std::string_view subject,
                                     std::string what,
                                     std::vector<ProbeCall> calls) {
  std::string id = must_succeed(subject, std::move(what), std::move(calls));
  if (view.subject.handed_over) {  // the kernel asks for these after it asked whether it may write
    last().excused = {EACCES, EPERM, ENOSPC, EDQUOT};
  }
  return id;
}

Trial& Trials::must_fail(std::string_view subject,
                         std::string what,
                         std::vector<ProbeCall> calls,
                         std::vector<int> errors,
                         std::string twin) {
  Trial& trial = add("must-fail", subject, std::move(what), std::move(calls));
  trial.expectation.expected = errno_texts(errors);
  trial.allowed_errors = std::move(errors);
  trial.twin = std::move(twin);
  return trial;
}

std::vector<int> read_only_errors(const View& view) {
  return view.guest ? std::vector<int>{EROFS, EACCES, EPERM} : std::vector<int>{EROFS};
}

std::string scratch_of(const View& view) {
  std::string found;
  for (const auto& [target, mount] : view.plan().mounts) {
    const auto inside = view.root ? view.root->stat(target) : std::nullopt;
    if (mount.read_only || !inside || !S_ISDIR(inside->st_mode)) {
      continue;
    }
    if (mount.type == contract::MountType::kTmpfs) {
      return target;
    }
    found = found.empty() ? target : found;
  }
  return found;
}

std::vector<Trial> early_trials(const View& view) {
  std::vector<Trial> list;
  list.reserve(64);
  try_identity(view, list);
  try_network(view, list);
  return list;
}

std::vector<Trial> late_trials(const View& view) {
  std::vector<Trial> list;
  list.reserve(64);
  try_mounts(view, list);
  try_paths(view, list);
  try_guest(view, list);
  return list;
}

std::vector<Trial> trials(const Subject& subject) {
  const View view = look(subject, 0);
  std::vector<Trial> list = early_trials(view);
  std::vector<Trial> late = late_trials(view);
  list.insert(list.end(), std::make_move_iterator(late.begin()),
              std::make_move_iterator(late.end()));
  try_limits(view, list);
  return list;
}

std::vector<Trial> second_trials(const std::vector<Trial>& trials,
                                 const std::vector<ProbeResult>& results) {
  std::vector<Trial> again;
  for (std::size_t i = 0; i < trials.size() && i < results.size(); ++i) {
    // EISDIR: a kernel or file system that takes O_TMPFILE for O_DIRECTORY (open(2)).
    const bool unsupported = results[i].error == EOPNOTSUPP || results[i].error == EISDIR;
    if (trials[i].expectation.kind != "must-succeed" || !unsupported) {
      continue;
    }
    Trial trial = trials[i];
    const std::string path = trial.probe.calls.front().arguments.at(1);
    trial.probe.calls = {{SYS_faccessat, {integer(AT_FDCWD), path, integer(W_OK | X_OK)}}};
    again.push_back(std::move(trial));
  }
  return again;
}

}  // namespace paddock::proof
