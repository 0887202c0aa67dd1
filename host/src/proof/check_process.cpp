// Kernel state of what the workload starts with: limits, descriptors, session.
#include <unistd.h>

#include <cstdio>

#include "base/text.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

/// What a command may change of itself is judged only in a gate that waits. One that stayed as
/// init has descriptors and a umask of its own, which say nothing of the command's.
constexpr const char* kHandedOver = "handed over; since then the command's own affair";

/// proof::prove has given it to the gate that waits; a gate that did not confirm it ends the proof.
void check_start(const View& view, Checks checks) {
  const std::string what = "the command, its arguments and environment";
  const std::string seen = view.is_waiting() ? "held" : kHandedOver;
  checks.word("gate", "/process/command", what, "held for the release", seen, true);
}

/// Later the process has changed its directory as it liked; while it waits, trials tell.
void check_cwd(const View& view, Checks checks) {
  if (!view.is_waiting()) {
    checks.word("gate", "/process/cwd", "working directory", "entered at hand-over", kHandedOver,
                true);
  }
}

void check_descriptors(const View& view, Checks checks) {
  if (!view.is_waiting()) {
    return checks.assume("", "descriptors above 2", kHandedOver);
  }
  if (view.guest) {
    return;  // a kernel of its own numbers them; a trial tells how many there are
  }
  if (!view.descriptors) {
    return checks.unread("descriptors", view.descriptors.error());
  }
  const std::string channel = "socket:[" + std::to_string(view.channel_inode) + "]";
  std::vector<std::string> others;
  bool has_channel = false;
  for (const auto& [number, link] : *view.descriptors) {
    if (number > 2 && link == channel) {
      has_channel = true;
    } else if (number > 2) {
      others.push_back(std::to_string(number) + " (" + printable(link) + ")");
    }
  }
  checks.none("", "descriptors above 2 but the gate's channel", others);
  // This process, and no other, is who answers the probes.
  checks.add("", "the gate's channel", "held by this process",
             has_channel ? "held by this process" : "not held", has_channel);
}

void check_limits(const View& view, Checks checks) {
  if (!view.limits) {
    return checks.unread("resource limits", view.limits.error());
  }
  for (const auto& [name, value] : view.plan().security.rlimits) {
    const auto found = view.limits->find(name);
    const os::Limit limit =
        found == view.limits->end() ? os::Limit{UINT64_MAX, UINT64_MAX} : found->second;
    checks.add("/security/rlimits/" + name, "limit '" + name + "'",
               "at most " + std::to_string(value),
               limit_text(limit.soft) + " soft, " + limit_text(limit.hard) + " hard",
               limit.soft <= value && limit.hard <= value);
  }
  if (view.plan().security.rlimits.empty()) {
    checks.add("", "limits in the plan", "none", "none", true);
  }
}

void check_umask(const View& view, Checks checks) {
  constexpr std::string_view kLeaf = "/process/umask";
  if (!view.is_waiting()) {
    return checks.assume(kLeaf, "umask", kHandedOver);
  }
  if (!view.status) {
    return checks.unread("umask", view.status.error());
  }
  char seen[16];
  std::snprintf(seen, sizeof seen, "%04o", static_cast<unsigned>(view.status->umask));
  checks.equal(kLeaf, "umask", view.plan().process.umask, seen);
}

void check_session(const View& view, Checks checks) {
  constexpr std::string_view kLeaf = "/process/terminal";
  if (!view.session) {
    return checks.unread("session", view.session.error());
  }
  const bool leads = view.session->session == view.subject.pid;
  const bool apart = leads || (!view.is_gate && view.session->session != ::getsid(0));
  checks.add(kLeaf, "session", "its own", apart ? "its own" : "one that others are in", apart);
  const bool wants = view.plan().process.terminal;
  const bool has = view.session->terminal != 0;
  // An init has passed the terminal on to the command that it started.
  if (wants && !has && view.is_gate && !view.is_waiting()) {
    return checks.add(kLeaf, "controlling terminal", "passed on", "passed on", true);
  }
  checks.equal(kLeaf, "controlling terminal", wants ? "one" : "none", has ? "one" : "none");
}

}  // namespace

void check_process(const View& view, std::vector<Check>& list) {
  if (view.requires_("process.start")) {
    check_start(view, Checks(list, "process.start"));
  }
  if (view.requires_("process.cwd")) {
    check_cwd(view, Checks(list, "process.cwd"));
  }
  if (view.requires_("descriptors.closed")) {
    check_descriptors(view, Checks(list, "descriptors.closed"));
  }
  if (view.requires_("process.limits")) {
    check_limits(view, Checks(list, "process.limits"));
  }
  if (view.requires_("process.umask")) {
    check_umask(view, Checks(list, "process.umask"));
  }
  if (view.requires_("process.session")) {
    check_session(view, Checks(list, "process.session"));
  }
}

}  // namespace paddock::proof
