// Restricts sandboxes: asks for edits of the plan, may veto it, may act on the waiting sandbox
// from outside. Override what you need; the manifest's `methods` lists what you overrode.
#pragma once

#include <string>
#include <vector>

#include "paddock/sdk/ops.hpp"
#include "paddock/sdk/plugin.hpp"

namespace paddock::sdk {

class Hardener : public Plugin {
 public:
  /// Protections that must hold, whatever the plan asks for.
  virtual Result<std::vector<std::string>> require();
  /// The wanted edits. Every hardener sees the same base plan.
  virtual Result<Ops> adjust(const Plan& base);
  /// Whether the merged plan is acceptable; an error is a veto. Nothing has been applied yet.
  virtual Result<void> review(const Plan& merged);
  /// Acts on the sandbox that waits in the gate.
  virtual Result<void> attach(const Plan& plan, const contract::Sandbox& sandbox);
  /// What is seen to hold, before release and whenever `paddock verify` asks.
  virtual Result<std::vector<contract::Finding>> verify(const Plan& plan,
                                                        const contract::Sandbox& sandbox);
  /// Undoes attach; idempotent.
  virtual Result<void> release(const Plan& plan, const contract::Sandbox& sandbox);
};

}  // namespace paddock::sdk

/// Defines paddock_plugin_v1() for `Class`, default-constructible, with the manifest that
/// paddock_add_plugin() embeds.
#define PADDOCK_EXPORT_HARDENER(Class) \
  PADDOCK_EXPORT_PLUGIN(Class, ::paddock::sdk::dispatch_hardener)

#include "paddock/sdk/export.hpp"
