#include "cli/place.hpp"

#include <algorithm>
#include <array>

#include "os/paths.hpp"

namespace paddock::cli {

std::string place_text(const SourcePos& where) {
  if (where.line == 0) {
    return {};
  }
  const std::filesystem::path path = where.file;
  const std::array known = {os::install_paths().profiles, os::user_paths().profiles};
  const bool named = std::find(known.begin(), known.end(), path.parent_path()) != known.end();
  return (named ? path.filename().string() : where.file) + ":" + std::to_string(where.line) + ":" +
         std::to_string(where.column);
}

}  // namespace paddock::cli
