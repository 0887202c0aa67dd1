// The parts of step 4, one function each; they fill Builder::draft.
#pragma once

#include "plan/builder.hpp"

namespace paddock::plan {

void build_image(Builder& builder);
void build_process(Builder& builder);
void build_mounts(Builder& builder);
/// What goes with the mode, which is set.
void build_network(Builder& builder);
void build_resources(Builder& builder);
void build_hooks(Builder& builder);

}  // namespace paddock::plan
