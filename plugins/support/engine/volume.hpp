// Named volumes of an engine, which are the paddock user's by label and by name.
#pragma once

#include <string>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"

namespace paddock::engine {

/// "paddock-cache-01234567": what the engine calls the volume `name`.
std::string volume_name(const std::string& name, const std::string& instance);

/// The engine's name of the volume that is kept at `place`, which provide_volume() told.
std::string volume_at(const std::string& place);

/// Makes it where the engine has none. Errors: kBackendRefused for one that is not this user's or
/// is kept in another way than in a directory of this machine.
Result<contract::VolumeReply> provide_volume(Engine& engine,
                                             const contract::VolumeRequest& request);

/// Fine when it is gone, or is not of that instance.
Result<void> remove_volume(Engine& engine, const std::string& name, const std::string& instance);

}  // namespace paddock::engine
