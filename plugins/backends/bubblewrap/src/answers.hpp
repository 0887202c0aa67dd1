// Gate 2 and `probe`: this backend's word on every leaf and every protection. The mechanism
// texts are the table of README.md, which a test compares.
#pragma once

#include "cgroup.hpp"
#include "paddock/sdk/backend.hpp"

namespace paddock::bubblewrap {

/// What gives a sandbox namespaces of its own, and keeps it from making more.
inline constexpr char kNamespaces[] =
    "bwrap --unshare-{user,pid,net,ipc,uts,cgroup} --disable-userns";

/// An answer for every leaf of `plan`.
std::vector<contract::Answer> answer(const contract::Plan& plan, const LimitPlan& limits);

/// Support of every protection of the contract on this machine, now.
contract::ProbeReply probe_machine();

}  // namespace paddock::bubblewrap
