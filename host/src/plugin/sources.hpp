// A plugin's two files, opened and checked: what Registry::load hands to an instance.
// [any thread]
#pragma once

#include <string>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/manifest.hpp"

namespace paddock::plugin {

/// What to do about a library whose manifest is not the file's.
inline constexpr const char* kRebuild = "rebuild the plugin: its manifest.toml changed since";

/// A library that passed every check that can be made without running it.
struct OpenLibrary {
  os::UniqueFd fd;
  std::string shown;  ///< its path, for messages
};

/// Opens and checks directory, manifest and library: owners and modes, that manifest.toml still
/// reads `manifest.text`, that the library is one for this machine and ABI, that it embeds that
/// manifest, and `pin` ("sha256:...") unless that is empty. No code of the plugin runs.
/// Errors: kPluginTrust, kPluginLoad, kPluginAbi, kSystem.
Result<OpenLibrary> open_library(const Manifest& manifest, const std::string& pin);

/// "sha256:..." of the library file that stands there now. Errors as above.
Result<std::string> digest_library(const Manifest& manifest);
/// The same of an open one, called `shown` in messages.
Result<std::string> digest_library(int fd, const std::string& shown);

}  // namespace paddock::plugin
