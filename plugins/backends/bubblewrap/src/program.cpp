#include "program.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

constexpr std::string_view kDefaultPath = "/usr/bin:/bin";
constexpr int kOldestMinor = 8;  // of 0.x: the oldest that paddock is tested with

// The package string that `bwrap --version` prints is in the file; running it costs milliseconds.
std::string version_in(const std::string& path) {
  constexpr std::string_view kName = "bubblewrap ";
  const std::string bytes = support::read_small_file(path).value_or("");
  for (std::size_t at = bytes.find(kName); at != std::string::npos;
       at = bytes.find(kName, at + 1)) {
    const std::size_t begin = at + kName.size();
    const std::size_t end = bytes.find_first_not_of("0123456789.", begin);
    if (end != std::string::npos && end > begin + 2 && bytes[end] == '\0') {
      return bytes.substr(begin, end - begin);
    }
  }
  return "";
}

bool too_old(const std::string& version) {
  return version.starts_with("0.") && std::atoi(version.c_str() + 2) < kOldestMinor;
}

}  // namespace

std::optional<std::string> find_program(const std::string& name) {
  const char* variable = ::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : kDefaultPath;
  while (!rest.empty()) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
    const std::string path = std::string(directory) + "/" + name;
    struct stat status {};
    if (directory.starts_with('/') && ::stat(path.c_str(), &status) == 0 &&
        S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0) {
      return path;
    }
  }
  return std::nullopt;
}

Result<Bwrap> find_bwrap() {
  const auto path = find_program("bwrap");
  if (!path) {
    return fail(ErrorCode::kBackendMissing, "the program 'bwrap' is not in PATH",
                "install the package 'bubblewrap': apt install bubblewrap, or dnf install "
                "bubblewrap");
  }
  struct stat status {};
  if (::stat(path->c_str(), &status) == 0 && (status.st_mode & S_ISUID) != 0) {
    return fail(ErrorCode::kBackendRefused,
                "'" + *path + "' is setuid root, so its sandboxes cannot be entered or checked",
                "chmod u-s '" + *path + "', and allow user namespaces");
  }
  Bwrap bwrap{*path, version_in(*path)};
  if (too_old(bwrap.version)) {
    return fail(ErrorCode::kBackendMissing,
                "'" + *path + "' is bubblewrap " + bwrap.version + ", and 0.8 or later is needed",
                "upgrade the package 'bubblewrap'");
  }
  return bwrap;
}

}  // namespace paddock::bubblewrap
