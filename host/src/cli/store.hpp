// The state directory of this user, healed: what every command on sandboxes begins with.
#pragma once

#include "run/state.hpp"

namespace paddock::cli {

run::Store open_store();

}  // namespace paddock::cli
