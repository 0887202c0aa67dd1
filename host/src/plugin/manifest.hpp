// A plugin's manifest.toml: all that is known of it before its library is opened.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/option.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plugin {

enum class Kind : std::uint8_t { kBackend, kHardener, kHook };
/// Where the host runs a plugin's code.
enum class Mode : std::uint8_t { kInProcess, kChildProcess };

struct Manifest {
  std::string id;  ///< kebab-case
  Kind kind = Kind::kHardener;
  std::string version;
  std::uint32_t abi_major = 0;
  std::string summary;
  std::vector<std::string> methods;  ///< what it answers; the host calls no other
  std::vector<OptionSpec> options;   ///< keys of its profile table
  std::filesystem::path directory;   ///< holds manifest.toml and lib<id>.so
  std::string text;                  ///< the manifest's bytes
  Mode mode = Mode::kChildProcess;

  std::filesystem::path library() const { return directory / ("lib" + id + ".so"); }
  bool answers(std::string_view method) const;
};

std::string_view kind_name(Kind kind);
/// As manifests write them: "text-table", "more-bits".
std::string_view option_type_name(OptionType type);
std::string_view narrowing_name(Narrowing narrowing);

/// Parses and checks; all problems together, with file:line:column. The directory's name must
/// equal the id.
Result<Manifest> parse_manifest(const std::filesystem::path& file, std::string text);

}  // namespace paddock::plugin
