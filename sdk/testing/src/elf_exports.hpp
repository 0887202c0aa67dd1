// The names that a shared library exports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace paddock::testing {

/// Defined global and weak dynamic symbols of an ELF64 file, in file order; empty when it cannot
/// be read as one.
std::vector<std::string> elf_exports(const std::filesystem::path& library);

}  // namespace paddock::testing
