// Digests of what a launch uses: the gate and the plugins' libraries. Taken in a thread of its own
// while the sandbox comes up, which mostly waits for others.
#pragma once

#include <string>
#include <vector>

#include "os/task.hpp"
#include "plugin/registry.hpp"
#include "proof/receipt.hpp"

namespace paddock::run {

struct Digests {
  std::string gate;
  std::vector<proof::ReceiptPlugin> plugins;
};

/// Errors: kSystem, kPluginTrust. [any thread; `registry` is only asked for digests]
Result<Digests> take_digests(const plugin::Registry& registry,
                             const std::vector<const plugin::Manifest*>& manifests);

using DigestTask = os::Task<Result<Digests>>;

}  // namespace paddock::run
