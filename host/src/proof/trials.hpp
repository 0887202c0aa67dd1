// Building trials: the calls of a probe, and what must come of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proof/proof.hpp"
#include "proof/view.hpp"

namespace paddock::proof {

// Arguments, as in host/gate/protocol.h.
std::string integer(long value);
std::string text(std::string_view value);
std::string bytes(const void* data, std::size_t size);
std::string output(std::size_t size);
std::string result(int step);

/// utimensat(2) to the present asks for a writable mount before it asks who may write, so that
/// EROFS shows the mount and not the modes; where it succeeds, it changes a time stamp.
ProbeCall touch_call(std::string_view path);

/// openat(2) of an absolute path.
ProbeCall open_call(std::string_view path, long flags);

/// A growing list of trials of one protection.
class Trials {
 public:
  Trials(std::vector<Trial>& list, std::string_view protection)
      : list_(list), protection_(protection) {}

  /// must_succeed() of a place that the workload may fill or close: EROFS is what it must not be.
  std::string must_be_writable(const View& view,
                               std::string_view subject,
                               std::string what,
                               std::vector<ProbeCall> calls);
  /// The id of the added trial, for twins.
  std::string must_succeed(std::string_view subject,
                           std::string what,
                           std::vector<ProbeCall> calls);
  Trial& must_fail(std::string_view subject,
                   std::string what,
                   std::vector<ProbeCall> calls,
                   std::vector<int> errors,
                   std::string twin);
  Trial& last() { return list_.back(); }

 private:
  Trial& add(std::string_view kind,
             std::string_view subject,
             std::string what,
             std::vector<ProbeCall> calls);
  std::vector<Trial>& list_;
  std::string protection_;
};

/// All trials for what `view` shows.
/// Those that need no more than a glance at the process.
std::vector<Trial> early_trials(const View& view);
/// Those that depend on what is in the sandbox, once there was a look around.
std::vector<Trial> late_trials(const View& view);

/// Where the file system has no unnamed files: the same trials asked of access(2). Empty when
/// no result calls for it.
std::vector<Trial> second_trials(const std::vector<Trial>& trials,
                                 const std::vector<ProbeResult>& results);

// One file each; every function adds trials only for required protections.
void try_guest(const View& view, std::vector<Trial>& list);
void try_identity(const View& view, std::vector<Trial>& list);
void try_limits(const View& view, std::vector<Trial>& list);
void try_mounts(const View& view, std::vector<Trial>& list);
void try_network(const View& view, std::vector<Trial>& list);
void try_paths(const View& view, std::vector<Trial>& list);

/// Errors of a call that would change what is read-only. A kernel of the sandbox's own may look at
/// the permissions first.
std::vector<int> read_only_errors(const View& view);

/// A directory that the workload may write and that is the sandbox's own, else any that it may
/// write, else empty.
std::string scratch_of(const View& view);

}  // namespace paddock::proof
