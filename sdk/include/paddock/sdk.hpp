// The one include of a plugin. A hardener is a class and one macro:
//
//   class MyHardener final : public paddock::sdk::Hardener {
//     Result<Ops> adjust(const Plan&) override {
//       return Ops{set("/security/no_new_privs", true, "asked for by the profile")};
//     }
//   };
//   PADDOCK_EXPORT_HARDENER(MyHardener)
//
// Build it with paddock_add_plugin() (sdk/README.md). Exceptions may be thrown: the trampolines
// catch all of them and report the plugin's id. [one call at a time per instance]
#pragma once

#include "paddock/sdk/backend.hpp"
#include "paddock/sdk/hardener.hpp"
#include "paddock/sdk/hook.hpp"
#include "paddock/sdk/ops.hpp"
#include "paddock/sdk/table.hpp"
