// Finding plugins (manifests only, no library opened) and loading those that a profile names.
// [one thread]
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "plugin/instance.hpp"
#include "plugin/manifest.hpp"

namespace paddock::plugin {

/// Where plugins may come from. An earlier directory wins an id.
struct SearchPath {
  std::filesystem::path directory;  ///< holds <id>/manifest.toml
  Mode mode;                        ///< how its plugins run: shipped in-process, others in a child
};

struct Settings {
  std::vector<SearchPath> search;             ///< install prefix first, then the user's
  std::filesystem::path cache_file;           ///< a hint, never trusted; empty: none
  std::map<std::string, std::string> pins;    ///< id to "sha256:..." from host.toml
};
/// From host.toml, the install tree and the XDG directories. Errors: a bad host.toml.
Result<Settings> current_settings();

class Registry {
 public:
  /// Reads the manifests. A broken manifest is kept as an error for its id, and reported only when
  /// somebody asks for that id or lists.
  static Result<Registry> discover(const Settings& settings);

  std::vector<const Manifest*> manifests() const;            ///< sorted by id
  std::vector<const Manifest*> of_kind(Kind kind) const;
  Result<const Manifest*> find(std::string_view id) const;   ///< kUnknownPlugin with a hint
  const std::map<std::string, Error>& broken() const;

  /// Trust checks, then the library, then create(config). `config_json` is a contract Config.
  Result<std::unique_ptr<Instance>> load(const Manifest& manifest, std::string_view config_json) const;
  /// sha256 of the library, for receipts.
  Result<std::string> library_digest(const Manifest& manifest) const;

 private:
  Settings settings_;
  std::map<std::string, Manifest> manifests_;
  std::map<std::string, Error> broken_;
};

}  // namespace paddock::plugin
