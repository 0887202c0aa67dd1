// Resource limits cannot be raised.
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cerrno>

#include "proof/trials.hpp"

namespace paddock::proof {
namespace {

ProbeCall set_limit(int number, std::uint64_t value) {
  const std::uint64_t limit[2] = {value, value};  // struct rlimit64
  return {SYS_prlimit64, {"i0", integer(number), bytes(limit, sizeof limit), "i0"}};
}

void try_limit(Trials& trials, const std::string& name, std::uint64_t hard) {
  const std::string leaf = "/security/rlimits/" + name;
  const int number = os::rlimit_number(name);
  const std::string twin = trials.must_succeed(leaf, "set the limit '" + name + "' to what it is",
                                               {set_limit(number, hard)});
  trials.must_fail(leaf, "raise the limit '" + name + "'", {set_limit(number, hard + 1)}, {EPERM},
                   twin);
}

}  // namespace

void try_limits(const View& view, std::vector<Trial>& list) {
  if (!view.requires_("process.limits") || !view.limits) {
    return;
  }
  Trials trials(list, "process.limits");
  for (const auto& [name, wanted] : view.plan().security.rlimits) {
    const auto found = view.limits->find(name);
    if (found != view.limits->end() && found->second.hard < UINT64_MAX - 1) {
      try_limit(trials, name, found->second.hard);
    }
  }
}

}  // namespace paddock::proof
