// A plan that sets every leaf, for tests of codec and leaves.
#pragma once

#include "paddock/contract/plan.hpp"

namespace paddock::test {

contract::Plan full_plan();

}  // namespace paddock::test
