#include "cli/place.hpp"

#include <algorithm>
#include <array>

#include "os/paths.hpp"

namespace paddock::cli {

std::string place_text(const SourcePos& where) {
  return where.line == 0 ? ""
                         : short_place(where.file + ":" + std::to_string(where.line) + ":" +
                                       std::to_string(where.column));
}

std::string short_place(const std::string& place) {
  const std::filesystem::path path = place;
  const std::array known = {os::install_paths().profiles, os::user_paths().profiles};
  const bool named = std::find(known.begin(), known.end(), path.parent_path()) != known.end();
  return named ? path.filename().string() : place;
}

}  // namespace paddock::cli
