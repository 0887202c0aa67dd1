// A machine of its own for profile tests: user and shipped profile directories, home, a project.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "profile/profile.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {

/// The option rows of a manifest.toml, read with the loader's own TOML reader.
std::vector<OptionSpec> manifest_options(const std::filesystem::path& manifest);

class World {
 public:
  World();

  /// Writes NAME.toml; the text gets "schema_version = 1" in front unless it has it.
  std::string user(const std::string& name, const std::string& text) const;
  std::string shipped(const std::string& name, const std::string& text) const;
  /// A file in the project, which is nobody's profile directory.
  std::string project(const std::string& name, const std::string& text) const;

  Result<profile::Profile> resolve(const std::string& name,
                                   std::vector<std::string> sets = {}) const;
  /// The whole rendered error of resolve(); "" when it loads. The world's own paths are written
  /// as USER, SHIPPED, PROJECT, HOME.
  std::string problem(const std::string& name, std::vector<std::string> sets = {}) const;
  /// The merged value at a dotted path, as JSON; "" when absent.
  std::string value(const std::string& name,
                    const std::string& path,
                    std::vector<std::string> sets = {}) const;
  std::string tidy(std::string text) const;

  TempDir dir;
  profile::Context context;
};

}  // namespace paddock::test
