// The trampolines behind the export macros: C functions that catch everything.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "paddock/sdk/plugin.hpp"

namespace paddock::sdk {

class Hardener;
class Backend;
class Hook;

/// Answers one method of one kind of plugin with its reply as JSON.
using Dispatch = Result<std::string> (*)(Plugin& plugin,
                                         std::string_view method,
                                         std::string_view request);
Result<std::string> dispatch_hardener(Plugin& plugin,
                                      std::string_view method,
                                      std::string_view request);
Result<std::string> dispatch_backend(Plugin& plugin,
                                     std::string_view method,
                                     std::string_view request);
Result<std::string> dispatch_hook(Plugin& plugin,
                                  std::string_view method,
                                  std::string_view request);

using Factory = std::unique_ptr<Plugin> (*)();

/// The plugin's immortal struct. `manifest` is the embedded manifest.toml.
const paddock_plugin* make_plugin(std::string_view manifest, Factory factory, Dispatch dispatch);

}  // namespace paddock::sdk

/// The bytes of manifest.toml, embedded by paddock_add_plugin().
// NOLINTBEGIN(readability-identifier-naming): symbols of a generated file
extern const char paddock_manifest_data[];
extern const unsigned long paddock_manifest_size;
// NOLINTEND(readability-identifier-naming)

#define PADDOCK_EXPORT_PLUGIN(Class, dispatch)                                                 \
  extern "C" const paddock_plugin* paddock_plugin_v1(void) {                                   \
    return ::paddock::sdk::make_plugin(                                                        \
        {paddock_manifest_data, paddock_manifest_size},                                        \
        []() -> std::unique_ptr<::paddock::sdk::Plugin> { return std::make_unique<Class>(); }, \
        dispatch);                                                                             \
  }
