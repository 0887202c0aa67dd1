// Which host paths and which targets no mount may name, whoever asks: profile or plugin.
// Source: CASES FS07, FS10; the kernel's and engines' own directories.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "paddock/contract/plan.hpp"

namespace paddock::plan {

/// Why `target` may not be mounted on; nullopt: it may.
std::optional<std::string> target_refusal(std::string_view target);

/// Why the resolved host path `source` may not be shown inside. `home` is the caller's.
std::optional<std::string> source_refusal(const std::filesystem::path& source,
                                          bool read_only,
                                          const std::filesystem::path& home);

/// Whether `path` is `directory` or below it; both absolute and normal.
bool is_within(std::string_view path, std::string_view directory);

/// Whether `narrower` allows nothing that `mount` does not.
bool narrows(const contract::Mount& narrower, const contract::Mount& mount);

}  // namespace paddock::plan
