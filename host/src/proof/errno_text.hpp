// Names of errno values, as in errno(3).
#pragma once

#include <string>
#include <vector>

namespace paddock::proof {

/// "EROFS"; "errno 4242" for one without a name.
std::string errno_text(int number);
/// "EROFS or EACCES".
std::string errno_texts(const std::vector<int>& numbers);

}  // namespace paddock::proof
