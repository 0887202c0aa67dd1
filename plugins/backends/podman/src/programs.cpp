#include "programs.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace paddock::podman {

bool finds_program(const std::string& name, const std::string& directories) {
  const char* const path = std::getenv("PATH");
  std::istringstream all((path != nullptr ? path : "") + (":" + directories));
  for (std::string directory; std::getline(all, directory, ':');) {
    if (::access((directory + "/" + name).c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace paddock::podman
