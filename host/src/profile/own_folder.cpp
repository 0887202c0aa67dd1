#include "profile/own_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "profile/history.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

// xdg-user-dirs(1): where downloads and attachments of all sources lie beside the user's files.
constexpr std::array kDesktopFolders = {"Desktop",  "Documents", "Downloads", "Music",
                                        "Pictures", "Public",    "Templates", "Videos"};

bool others_write(const fs::path& directory) {
  struct stat status {};
  return ::stat(directory.c_str(), &status) != 0 || (status.st_mode & (S_ISVTX | S_IWOTH)) != 0;
}

// Of everything at home, and not of one project.
bool is_shared_at_home(const fs::path& directory, const fs::path& home) {
  const fs::path below = directory.lexically_relative(home);
  const std::string first = below.empty() ? std::string{} : below.begin()->string();
  const bool hidden = first.size() > 1 && first.front() == '.' && first != "..";
  return hidden || std::any_of(kDesktopFolders.begin(), kDesktopFolders.end(),
                               [&](const char* name) { return below == name; });
}

}  // namespace

fs::path own_folder(const fs::path& directory, const Context& context) {
  std::error_code ignored;
  const fs::path home = fs::weakly_canonical(context.home, ignored);
  if (others_write(directory) || is_inside(home.string(), directory.string()) ||
      (!home.empty() && is_shared_at_home(directory, home))) {
    return {};
  }
  return directory;
}

}  // namespace paddock::profile
