// Times as records have them.
#pragma once

#include <string>

namespace paddock {

/// Now, as RFC 3339 in UTC with seconds.
std::string now_text();

}  // namespace paddock
