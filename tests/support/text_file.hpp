// Whole files, for tests.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace paddock::test {

/// Writes `text`, creating parent directories. Throws on failure.
void write_text(const std::filesystem::path& path, std::string_view text);
/// The whole file. Throws on failure.
std::string read_text(const std::filesystem::path& path);

}  // namespace paddock::test
