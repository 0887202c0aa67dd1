// What a profile says of sandboxes that run, or wait, in the background. [any thread]
#pragma once

#include <cstdint>

#include "profile/profile.hpp"

namespace paddock::profile {

enum class Restart : std::uint8_t { kNo, kOnFailure, kAlways };

struct Background {
  Restart restart = Restart::kNo;
  std::uint64_t log_bytes = 32 << 20;
};

Background background_of(const Profile& profile);
/// backend.warm: how many sandboxes are kept ready.
std::int64_t warm_of(const Profile& profile);

}  // namespace paddock::profile
