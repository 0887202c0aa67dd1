// Named volumes of a backend that has them.
#pragma once

#include "common.hpp"

namespace paddock::testing {

/// BCK-14.
void check_volume(Recorder& recorder, Instance& instance);

}  // namespace paddock::testing
