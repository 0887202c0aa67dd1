// What lower layers of the profile said of a leaf, in the leaf's own terms. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/node.hpp"

namespace paddock::plan {

/// One overridden value.
struct Lower {
  const Node* node;   ///< where it was written
  std::string value;  ///< compact JSON, as the leaf would hold it
};

/// All that `node` (Node::lower), which set the leaf at `pointer`, stands in place of; the last
/// said first. `value` is the leaf's own. Of a mount, those of each key of its entry.
std::vector<Lower> lower_values(const std::string& pointer,
                                const std::string& value,
                                const Node& node);

}  // namespace paddock::plan
