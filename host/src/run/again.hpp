// A sandbox that ran once, to be run again. [main thread]
#pragma once

#include <string>

#include "paddock/contract/result.hpp"
#include "run/order.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// How the ended sandbox `name` was launched, to be launched so in the background; its folder
/// becomes the current one. Errors: kNoSandbox, kNameTaken for one that has not ended, kSystem.
Result<Order> order_again(const Store& store, const std::string& name);

}  // namespace paddock::run
