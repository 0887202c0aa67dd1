#include "proof/guest.hpp"

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "os/file.hpp"
#include "proof/trials.hpp"
#include "proof/view.hpp"
#include "protocol.h"

namespace paddock::proof {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;
/// The type that gVisor gives to what its gofer serves.
constexpr const char* kServed = "9p";

std::string proc(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

/// Everybody in the sandbox's control groups.
std::set<pid_t> members(const Subject& subject) {
  std::set<pid_t> found;
  for (const auto& [controller, directory] : subject.sandbox.cgroups) {
    std::istringstream pids(os::read_kernel_file(directory + "/cgroup.procs").value_or(""));
    for (pid_t pid = 0; pids >> pid;) {
      found.insert(pid);
    }
  }
  return found;
}

bool runs_gate(pid_t pid, const View& view) {
  const auto program = host_stat(proc(pid, "exe"));
  return program && view.gate && same_file(*program, *view.gate);
}

std::uint64_t mount_namespace(pid_t pid) {
  const auto all = os::read_namespaces(pid);
  return all && all->contains("mnt") ? all->at("mnt") : 0;
}

bool holds_channel(pid_t pid, std::uint64_t inode) {
  const std::string channel = "socket:[" + std::to_string(inode) + "]";
  const auto open = os::read_descriptors(pid);
  return open && inode != 0 && std::any_of(open->begin(), open->end(), [&](const auto& entry) {
           return entry.second == channel;
         });
}

Failure no_guest(const Subject& subject, const std::string& why) {
  Failure failure =
      fail(ErrorCode::kGate, "process " + std::to_string(subject.pid) + " is not the gate",
           "the backend named another process than the one that waits");
  failure.value().context.push_back("and no kernel that runs it: " + why);
  return failure;
}

/// The results of probes that may fail.
Result<std::vector<ProbeResult>> ask(GateChannel& channel, const std::vector<Probe>& probes) {
  return channel.run(probes, kDeadline);
}

bool succeeded(const ProbeResult& result, const Probe& probe) {
  return result.error == 0 && result.step + 1 == static_cast<int>(probe.calls.size());
}

/// gVisor's /proc has no limits: whether each is just what the plan says, soft and hard.
Result<void> ask_limits(Guest& guest, const Subject& subject, GateChannel& channel) {
  std::vector<Probe> probes;
  for (const auto& [name, value] : subject.draft.plan.security.rlimits) {
    const std::uint64_t both[2] = {value, value};
    probes.push_back({name,
                      false,
                      {{SYS_prlimit64, {"i0", integer(os::rlimit_number(name)), "i0", output(16)}},
                       {PADDOCK_GATE_MATCH, {"i0", bytes(both, sizeof both)}}}});
  }
  const auto results = ask(channel, probes);
  if (!results) {
    return fail_as(results);
  }
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (succeeded((*results)[i], probes[i])) {
      const std::uint64_t value = subject.draft.plan.security.rlimits.at(probes[i].id);
      guest.limits[probes[i].id] = {value, value};
    }
  }
  return {};
}

/// Nor has its status these two. The mask stays what it is.
Result<void> ask_modes(Guest& guest, const Subject& subject, GateChannel& channel) {
  const long mask = std::strtol(subject.draft.plan.process.umask.c_str(), nullptr, 8);
  const auto results = ask(
      channel,
      {{"umask", false, {{SYS_umask, {integer(mask)}}}},
       {"prctl", false, {{SYS_prctl, {integer(PR_GET_NO_NEW_PRIVS), "i0", "i0", "i0", "i0"}}}}});
  if (!results) {
    return fail_as(results);
  }
  guest.status.umask = static_cast<int>((*results)[0].value);
  guest.status.no_new_privs = static_cast<int>((*results)[1].value);
  return {};
}

Result<void> ask_session(Guest& guest, GateChannel& channel, const std::string& process) {
  const auto text = channel.show(process + "/stat", kDeadline);
  if (!text) {
    return fail_as(text);
  }
  std::istringstream whole(*text), fields(text->substr(text->rfind(')') + 1));
  std::string state;
  long pid = 0, parent = 0, group = 0, session = 0, terminal = -1;
  whole >> pid;
  fields >> state >> parent >> group >> session >> terminal;
  guest.leads_session = pid > 0 && session == pid;
  // Its /proc tells of no terminal: only its own answers to this.
  const auto own =
      ask(channel,
          {{"terminal", false, {{SYS_ioctl, {"i0", integer(TIOCGPGRP), output(sizeof(pid_t))}}}}});
  if (!own) {
    return fail_as(own);
  }
  guest.has_terminal = terminal != 0 || own->front().error == 0;
  return {};
}

}  // namespace

Result<Guest> find_guest(const Subject& subject, const View& view) {
  Guest guest;
  guest.kernel = subject.pid;
  const std::set<pid_t> all = members(subject);
  if (!all.contains(guest.kernel)) {
    return no_guest(subject, "it is in no control group of the sandbox");
  }
  guest.has_channel = holds_channel(guest.kernel, view.channel_inode);
  const std::uint64_t own = mount_namespace(guest.kernel);
  for (const pid_t pid : all) {
    if (runs_gate(pid, view)) {
      guest.hosted.push_back(pid);
    }
    const std::uint64_t other = mount_namespace(pid);
    if (other == 0 || other == own) {
      continue;  // of those in its own mount namespace each is the sentry, or a stub of it
    }
    if (guest.files != 0) {
      return no_guest(subject, "more than one process opens files for it");
    }
    guest.files = pid;
  }
  return guest.files != 0 ? Result<Guest>(std::move(guest))
                          : no_guest(subject, "no process opens files for it");
}

bool entered_guest(const contract::Sandbox& sandbox, const GateChannel& channel) {
  return holds_channel(static_cast<pid_t>(sandbox.pid), channel.peer_inode());
}

Result<void> ask_guest(Guest& guest, const Subject& subject, GateChannel& channel, bool first) {
  const std::string process = first ? "/proc/1" : "/proc/self";
  const auto status = channel.show(process + "/status", kDeadline);
  const auto table = status ? channel.show(process + "/mountinfo", kDeadline) : fail_as(status);
  auto mounts = table ? os::parse_mountinfo(*table, process + "/mountinfo") : fail_as(table);
  if (!mounts) {
    return fail_as(mounts);
  }
  guest.status = os::parse_status(*status);
  guest.mounts = std::move(*mounts);
  for (const auto step : {ask_limits, ask_modes}) {
    if (auto asked = step(guest, subject, channel); !asked) {
      return asked;
    }
  }
  return ask_session(guest, channel, process);
}

Result<std::vector<os::MountInfo>> mounts_of(const Guest& guest) {
  auto mounts = os::read_mountinfo(guest.files);
  if (!mounts) {
    return mounts;
  }
  const std::vector<os::MountInfo> served = *mounts;
  for (os::MountInfo mount : guest.mounts) {
    const bool told = mount.fstype == kServed &&
                      std::any_of(served.begin(), served.end(),
                                  [&](const auto& other) { return other.target == mount.target; });
    if (!told) {
      mount.device = kGuestDevice;
      mounts->push_back(std::move(mount));
    }
  }
  return mounts;
}

}  // namespace paddock::proof
