// Finding plugins (manifests only, no library opened) and loading those that a profile names.
// [one thread]
#pragma once

#include <compare>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/instance.hpp"
#include "plugin/manifest.hpp"

namespace paddock::plugin {

/// Where plugins may come from. An earlier directory wins an id.
struct SearchPath {
  std::filesystem::path directory;  ///< holds <id>/manifest.toml
  Mode mode;                        ///< how its plugins run: shipped in-process, others in a child
  /// The ids that `mode` holds for; others here run in a child. Nothing: it holds for all.
  std::optional<std::vector<std::string>> shipped = std::nullopt;

  Mode mode_of(std::string_view id) const;
};

/// A plugin that is never used, because another of its id stands earlier in the search path.
struct Shadowed {
  std::string id;
  std::filesystem::path directory;
  std::filesystem::path by;
  auto operator<=>(const Shadowed&) const = default;
};

struct OpenLibrary;

struct Settings {
  std::vector<SearchPath> search;               ///< install prefix first, then the user's
  std::filesystem::path cache_file;             ///< a hint, never trusted; empty: none
  std::map<std::string, std::string> pins;      ///< id to "sha256:..." from host.toml
  bool require_pins = false;                    ///< refuse what is not pinned and does not ship
  std::vector<std::string> preferred_backends;  ///< [backend] prefer of host.toml, best first
  /// Runs as `child_program __plugin` for plugins in a child; this program by default.
  std::filesystem::path child_program = "/proc/self/exe";
};
/// From host.toml, the install tree and the XDG directories. Errors: a bad host.toml.
Result<Settings> current_settings();
/// The same with `text` as the content of host.toml at `file`. Adds to `settings`.
Result<void> apply_host_file(const std::filesystem::path& file,
                             const std::string& text,
                             Settings& settings);

/// Lazy: find() reads one manifest, and only the listing reads them all, so that a launch pays for
/// the plugins that it names. Pointers to manifests live as long as the registry.
class Registry {
 public:
  /// Reads nothing yet. A broken manifest is an error for its id, reported only when somebody
  /// asks for that id or lists.
  static Result<Registry> discover(const Settings& settings);

  /// All that are sound, sorted by id; by way of the cache, for showing: without options and text.
  /// What is acted on comes from find() or of_kind(), which read the manifests themselves.
  std::vector<const Manifest*> manifests() const;
  std::vector<const Manifest*> of_kind(Kind kind) const;
  /// Those that ship with paddock, in its own order.
  std::vector<const Manifest*> shipped(Kind kind) const;
  std::vector<Shadowed> shadowed() const;
  Result<const Manifest*> find(std::string_view id) const;  ///< kUnknownPlugin with a hint
  const std::map<std::string, Error>& broken() const;
  /// Every id in the search path, sound or not, by directory name alone. Cheap.
  std::vector<std::string> ids() const;

  /// Trust checks, then the library, then create(config). `config_json` is a contract Config.
  Result<std::unique_ptr<Instance>> load(const Manifest& manifest,
                                         std::string_view config_json) const;
  /// All that load() checks before any code of the plugin runs; loads nothing.
  Result<void> check(const Manifest& manifest) const;
  /// sha256 of the library, for receipts: of the very file that load() took, once it did.
  /// [any thread, also during load()]
  Result<std::string> library_digest(const Manifest& manifest) const;

  const Settings& settings() const { return settings_; }

 private:
  explicit Registry(Settings settings) : settings_(std::move(settings)) {}
  void list_all() const;
  Result<const Manifest*> whole(const Manifest& manifest) const;
  Result<OpenLibrary> open(const Manifest& manifest) const;
  Result<void> keep(const Manifest& manifest, const OpenLibrary& library) const;

  /// The libraries that were loaded, by id.
  struct Loaded {
    std::mutex mutex;
    std::map<std::string, os::UniqueFd, std::less<>> files;
  };

  Settings settings_;
  std::unique_ptr<Loaded> loaded_ = std::make_unique<Loaded>();
  // Filled on demand; one thread.
  mutable std::map<std::string, Manifest, std::less<>> found_;   ///< read by find()
  mutable std::map<std::string, Manifest, std::less<>> listed_;  ///< by way of the cache
  mutable std::map<std::string, Error> broken_;
  mutable bool complete_ = false;
};

}  // namespace paddock::plugin
