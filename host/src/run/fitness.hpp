// What a warm sandbox was made from, and what one would be made from now. [main thread]
#pragma once

#include <string>

#include "plugin/registry.hpp"
#include "profile/profile.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// A digest of everything that a sandbox is made from: the resolved profile, the image's id, and
/// the identity and times of paddock's, the gate's and the plugins' files. A warm one whose fitness
/// is not today's is never used.
Result<std::string> fitness(const profile::Profile& profile,
                            const plugin::Registry& registry,
                            const std::string& backend,
                            const std::string& image_id);

/// The same now, for an image as the engine has it. Errors: it would have to be brought first.
Result<std::string> fitness_now(const profile::Profile& profile,
                                const plugin::Registry& registry,
                                const PluginRef& backend);

}  // namespace paddock::run
