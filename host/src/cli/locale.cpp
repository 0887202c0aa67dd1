#include "cli/locale.hpp"

#include <cstdlib>
#include <string_view>

namespace paddock::cli {

bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      const std::string_view text = value;
      return text.find("UTF-8") != std::string_view::npos ||
             text.find("utf8") != std::string_view::npos;
    }
  }
  return false;
}

}  // namespace paddock::cli
