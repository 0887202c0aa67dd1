// What a shared library has the dynamic linker load along with it: checked code must not bring code
// that nobody checked. Sources: elf(5), ld.so(8). Pure; [any thread].
#pragma once

#include <elf.h>

#include <optional>
#include <string>
#include <string_view>

namespace paddock::plugin {

/// Why the library would load code by a path of its own ("it has a search path of its own,
/// '/tmp/x'"), or nothing. `header` is that of `bytes`, whose segments lie in the file.
std::optional<std::string> code_from_elsewhere(std::string_view bytes, const Elf64_Ehdr& header);

}  // namespace paddock::plugin
