// The image of a plan: what the profile wants, and which one that is here and now.
#pragma once

#include "plan/planner.hpp"

namespace paddock::plan {

/// The draft runs exactly `image`, found or brought for its order.
void settle_image(Draft& draft, const contract::Image& image);

/// Looks whether the engine has it; brings nothing. There must be a backend. What is there and
/// does not match is a refusal; what is not there is told, for a launch would bring it.
void look_for_image(Planned& planned);

}  // namespace paddock::plan
