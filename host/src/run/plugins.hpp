// Plugins as the run room uses them: found, configured, called again by another process.
// [one thread]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "profile/profile.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// The registry of this machine and user.
Result<plugin::Registry> open_registry();

/// The profile context of this process with the options of the plugins that are installed.
profile::Context context_with(const plugin::Registry& registry);

/// profile::resolve with the options of those plugins only that the profile names: a launch does
/// not pay for what else is installed.
Result<profile::Profile> resolve_profile(const profile::Request& request,
                                         const plugin::Registry& registry);

/// The plugin as the launch configured it. Errors: kUnknownPlugin, those of loading.
Result<std::unique_ptr<plugin::Instance>> load_again(const plugin::Registry& registry,
                                                     const PluginRef& ref);

/// What is needed to load it again.
PluginRef reference(const profile::Profile& profile, const plugin::Manifest& manifest);

}  // namespace paddock::run
