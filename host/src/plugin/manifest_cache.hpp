// What the last listing read of each manifest, so that the next one need not parse. A hint: an
// entry counts only for the very file that it was made from, a damaged file is no cache at all, and
// nothing that is loaded comes from here (see registry.hpp). [one thread]
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/manifest.hpp"
#include "plugin/scan.hpp"

namespace paddock::plugin {

class ManifestCache {
 public:
  /// Reads `file`; empty: no cache. One that is not ours alone to write is ignored.
  explicit ManifestCache(std::filesystem::path file);

  /// The manifest of an unchanged candidate, once.
  std::optional<Manifest> take(const Candidate& candidate);
  void keep(const Candidate& candidate, const Manifest& manifest);
  /// Writes the file if something changed. A cache that cannot be written is none.
  void save();

 private:
  std::filesystem::path file_;
  std::string content_;                               ///< of the file as it was read
  std::map<std::string_view, std::string_view> old_;  ///< manifest path to its entry in content_
  std::vector<std::string_view> kept_;                ///< entries of content_ that still hold
  std::vector<std::string> added_;
};

}  // namespace paddock::plugin
