// Named volumes: directories of the caller's, one for each name.
#pragma once

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::bubblewrap {

/// The directory `name` in the request's, made if it is not there. Errors: kBackendRefused for one
/// that is not of that instance.
Result<contract::VolumeReply> provide_volume(const contract::VolumeRequest& request);

/// Removes the volume `name` in `directory`; fine when it is gone, or is not of that instance.
Result<void> remove_volume(const std::string& directory,
                           const std::string& name,
                           const std::string& instance);

}  // namespace paddock::bubblewrap
