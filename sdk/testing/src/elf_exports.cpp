#include "elf_exports.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>

namespace paddock::testing {
namespace {

// The `index`th T of a table at `offset`; zeros where the file ends before.
template <class T>
T read_at(const std::string& file, std::size_t offset, std::size_t index) {
  T value{};
  const std::size_t at = offset + index * sizeof(T);
  if (at <= file.size() && file.size() - at >= sizeof(T)) {
    std::memcpy(&value, file.data() + at, sizeof(T));
  }
  return value;
}

bool is_exported(const Elf64_Sym& symbol) {
  const unsigned binding = ELF64_ST_BIND(symbol.st_info);
  return symbol.st_shndx != SHN_UNDEF && (binding == STB_GLOBAL || binding == STB_WEAK);
}

}  // namespace

std::vector<std::string> elf_exports(const std::filesystem::path& library) {
  std::ifstream stream(library, std::ios::binary | std::ios::ate);
  std::string file(stream ? static_cast<std::size_t>(stream.tellg()) : 0, '\0');
  stream.seekg(0).read(file.data(), static_cast<std::streamsize>(file.size()));
  std::vector<std::string> names;
  const auto header = read_at<Elf64_Ehdr>(file, 0, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return names;
  }
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const auto section = read_at<Elf64_Shdr>(file, header.e_shoff, i);
    if (section.sh_type != SHT_DYNSYM) {
      continue;
    }
    const auto strings = read_at<Elf64_Shdr>(file, header.e_shoff, section.sh_link);
    for (std::size_t s = 0; s < section.sh_size / sizeof(Elf64_Sym); ++s) {
      const auto symbol = read_at<Elf64_Sym>(file, section.sh_offset, s);
      const std::size_t name = strings.sh_offset + symbol.st_name;
      if (is_exported(symbol) && name < file.size()) {
        names.emplace_back(file.c_str() + name);
      }
    }
  }
  return names;
}

}  // namespace paddock::testing
