#include "program.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

// Not those of PATH: a folder in it may be one that a sandbox writes, and what stands there would
// run outside. These no profile can have written (kPrograms in host_paths.cpp); the last is NixOS.
constexpr std::array kDirectories = {"/usr/local/bin", "/usr/bin", "/bin",
                                     "/run/current-system/sw/bin"};
constexpr int kOldestMinor = 8;  // of 0.x: the oldest that paddock is tested with

// The package string that `bwrap --version` prints is in the file; running it costs milliseconds.
std::string version_in(const std::string& bytes) {
  constexpr std::string_view kName = "bubblewrap ";
  const char* const end = bytes.data() + bytes.size();
  const char* at = bytes.data();
  while ((at = static_cast<const char*>(::memmem(at, static_cast<std::size_t>(end - at),
                                                 kName.data(), kName.size()))) != nullptr) {
    at += kName.size();
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    const std::size_t length = rest.find_first_not_of("0123456789.");
    if (length != std::string_view::npos && length > 2 && rest[length] == '\0') {
      return std::string(rest.substr(0, length));
    }
  }
  return "";
}

Failure privileged(const std::string& path, const char* how, const char* remedy) {
  return fail(ErrorCode::kBackendRefused,
              "'" + path + "' " + how + ", so its sandboxes cannot be entered or checked",
              std::string(remedy) + " '" + path + "', and allow user namespaces");
}

bool too_old(const std::string& version) {
  return version.starts_with("0.") && std::atoi(version.c_str() + 2) < kOldestMinor;
}

// Came with 0.10; distributions gave it to older versions as the cure of CVE-2024-42472.
bool has_bind_fd(const std::string& bytes) {
  return bytes.find("--bind-fd") != std::string::npos;
}

}  // namespace

std::optional<std::string> find_program(const std::string& name) {
  for (const std::string directory : kDirectories) {
    const std::string path = directory + "/" + name;
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(path.c_str(), X_OK) == 0) {
      return path;
    }
  }
  return std::nullopt;
}

Result<std::string> find_bwrap() {
  const auto path = find_program("bwrap");
  if (!path) {
    return fail(ErrorCode::kBackendMissing,
                "the program 'bwrap' is in none of the system's directories",
                "install the package 'bubblewrap': apt install bubblewrap, or dnf install "
                "bubblewrap");
  }
  struct stat status {};
  if (::stat(path->c_str(), &status) == 0 && (status.st_mode & S_ISUID) != 0) {
    return privileged(*path, "is setuid root", "chmod u-s");
  }
  if (::getxattr(path->c_str(), "security.capability", nullptr, 0) > 0) {
    return privileged(*path, "has file capabilities", "setcap -r");
  }
  return *path;
}

Result<std::string> bwrap_version(const std::string& path) {
  const std::string bytes = support::read_small_file(path).value_or("");
  std::string version = version_in(bytes);
  if (version.empty()) {
    return fail(ErrorCode::kBackendMissing,
                "'" + path + "' does not tell its version, and bubblewrap 0.8 or later is needed",
                "put bwrap itself there, not a wrapper");
  }
  if (!has_bind_fd(bytes)) {
    return fail(ErrorCode::kBackendMissing,
                "'" + path + "' is bubblewrap " + version +
                    " without --bind-fd: a folder could be swapped while it is mounted "
                    "(CVE-2024-42472)",
                "upgrade the package 'bubblewrap', to 0.8.0-2+deb12u1 on Debian 12");
  }
  if (too_old(version)) {
    return fail(ErrorCode::kBackendMissing,
                "'" + path + "' is bubblewrap " + version + ", and 0.8 or later is needed",
                "upgrade the package 'bubblewrap'");
  }
  return version;
}

}  // namespace paddock::bubblewrap
