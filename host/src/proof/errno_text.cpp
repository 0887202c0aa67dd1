#include "proof/errno_text.hpp"

#include <cstring>

namespace paddock::proof {

std::string errno_text(int number) {
  const char* name = ::strerrorname_np(number);
  return name != nullptr ? name : "errno " + std::to_string(number);
}

std::string errno_texts(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers) {
    text += (text.empty() ? "" : " or ") + errno_text(number);
  }
  return text;
}

}  // namespace paddock::proof
