// The descriptors inside a request, of a GateSpec or for progress, across a process boundary. Pure;
// [any thread].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::plugin {

/// The numbers in the GateSpec of a "create" or "exec" request, in the order channel, stdin,
/// stdout, stderr, or the progress_fd of one about images, without the absent ones (-1); empty for
/// every other method.
Result<std::vector<int>> gate_descriptors(std::string_view method, std::string_view request);

/// The same request with these numbers instead, in that order.
Result<std::string> renumber_gate(std::string_view method,
                                  std::string_view request,
                                  const std::vector<int>& numbers);

}  // namespace paddock::plugin
