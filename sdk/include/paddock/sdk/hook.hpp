// Acts around the life of a sandbox, on the host's side.
#pragma once

#include "paddock/sdk/plugin.hpp"

namespace paddock::sdk {

class Hook : public Plugin {
 public:
  /// An error at kBeforeLaunch stops the launch; at kAfterStop it is reported.
  virtual Result<void> run(const contract::HookRequest& request) = 0;
};

}  // namespace paddock::sdk

/// Defines paddock_plugin_v1() for `Class`, as PADDOCK_EXPORT_HARDENER does.
#define PADDOCK_EXPORT_HOOK(Class) PADDOCK_EXPORT_PLUGIN(Class, ::paddock::sdk::dispatch_hook)

#include "paddock/sdk/export.hpp"
