#include "os/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace paddock::os {
namespace {

// XDG base directory specification: a relative path in these variables is ignored.
std::filesystem::path absolute_from(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? std::filesystem::path(value)
                                             : std::filesystem::path{};
}

std::filesystem::path home_directory() {
  if (auto home = absolute_from("HOME"); !home.empty()) {
    return home;
  }
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? std::filesystem::path(entry->pw_dir) : std::filesystem::path("/");
}

std::filesystem::path xdg(const char* variable, const std::filesystem::path& fallback) {
  const auto set = absolute_from(variable);
  return (set.empty() ? fallback : set) / "paddock";
}

}  // namespace

InstallPaths install_paths() {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto prefix = program.parent_path().parent_path();
  return {prefix, program, prefix / "libexec/paddock/paddock-gate", prefix / "lib/paddock/plugins",
          prefix / "share/paddock/profiles"};
}

UserPaths user_paths() {
  UserPaths paths;
  paths.home = home_directory();
  paths.config = xdg("XDG_CONFIG_HOME", paths.home / ".config");
  paths.profiles = paths.config / "profiles";
  const auto data = xdg("XDG_DATA_HOME", paths.home / ".local/share");
  paths.plugins = data / "plugins";
  paths.volumes = data / "volumes";
  paths.cache = xdg("XDG_CACHE_HOME", paths.home / ".cache");
  const auto state = absolute_from("PADDOCK_STATE_DIR");
  paths.state = state.empty() ? xdg("XDG_STATE_HOME", paths.home / ".local/state") : state;
  return paths;
}

}  // namespace paddock::os
