// Named points between the steps of a launch. Empty in the program; the test build `paddock-faulty`
// links a definition that kills the process at the point that it is told.
#pragma once

namespace paddock::run {

void fault_point(const char* step);

}  // namespace paddock::run
