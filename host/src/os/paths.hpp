// Where things are: the install tree around this program, and the user's XDG directories.
#pragma once

#include <filesystem>
#include <string>

namespace paddock::os {

/// The install tree, found from /proc/self/exe (PREFIX/bin/paddock).
struct InstallPaths {
  std::filesystem::path prefix;
  std::filesystem::path program;   ///< bin/paddock
  std::filesystem::path gate;      ///< libexec/paddock/paddock-gate
  std::filesystem::path plugins;   ///< lib/paddock/plugins
  std::filesystem::path profiles;  ///< share/paddock/profiles
};
InstallPaths install_paths();

/// The user's own directories; each honours its XDG variable only when that is absolute.
struct UserPaths {
  std::filesystem::path home;      ///< from the password database when HOME is unset
  std::filesystem::path config;    ///< $XDG_CONFIG_HOME/paddock
  std::filesystem::path profiles;  ///< config/profiles
  std::filesystem::path plugins;   ///< $XDG_DATA_HOME/paddock/plugins
  std::filesystem::path volumes;   ///< $XDG_DATA_HOME/paddock/volumes
  std::filesystem::path state;     ///< $PADDOCK_STATE_DIR or $XDG_STATE_HOME/paddock
  std::filesystem::path cache;     ///< $XDG_CACHE_HOME/paddock
};
UserPaths user_paths();

}  // namespace paddock::os
