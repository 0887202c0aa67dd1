#include "plugin/elf_dynamic.hpp"

#include <cstdint>
#include <vector>

#include "plugin/elf_record.hpp"

namespace paddock::plugin {
namespace {

/// The dynamic section as the dynamic linker finds it: by addresses, not by the section table.
class DynamicSection {
 public:
  DynamicSection(std::string_view bytes, const Elf64_Ehdr& header) : bytes_(bytes) {
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
      if (const auto segment =
              record_at<Elf64_Phdr>(bytes, header.e_phoff + i * sizeof(Elf64_Phdr))) {
        segments_.push_back(*segment);
      }
    }
    for (const Elf64_Phdr& segment : segments_) {
      if (segment.p_type == PT_DYNAMIC) {
        read(segment);
      }
    }
  }

  const std::vector<Elf64_Dyn>& entries() const { return entries_; }

  /// The text at `offset` of the string table; empty when it lies nowhere.
  std::string text(std::uint64_t offset) const {
    for (const Elf64_Dyn& entry : entries_) {
      const auto at = entry.d_tag == DT_STRTAB ? offset_of(entry.d_un.d_ptr) : std::nullopt;
      if (at && lies_within(bytes_, *at, offset)) {
        const std::string_view rest = bytes_.substr(*at + offset);
        return std::string(rest.substr(0, rest.find('\0')));
      }
    }
    return {};
  }

 private:
  void read(const Elf64_Phdr& segment) {
    const auto begin = offset_of(segment.p_vaddr);
    for (std::uint64_t at = begin.value_or(bytes_.size());; at += sizeof(Elf64_Dyn)) {
      const auto entry = record_at<Elf64_Dyn>(bytes_, at);
      if (!entry || entry->d_tag == DT_NULL) {
        return;
      }
      entries_.push_back(*entry);
    }
  }

  std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    for (const Elf64_Phdr& segment : segments_) {
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz) {
        return segment.p_offset + (address - segment.p_vaddr);
      }
    }
    return std::nullopt;
  }

  std::string_view bytes_;
  std::vector<Elf64_Phdr> segments_;
  std::vector<Elf64_Dyn> entries_;
};

}  // namespace

std::optional<std::string> code_from_elsewhere(std::string_view bytes, const Elf64_Ehdr& header) {
  const DynamicSection dynamic(bytes, header);
  for (const Elf64_Dyn& entry : dynamic.entries()) {
    const std::string text = dynamic.text(entry.d_un.d_val);
    switch (entry.d_tag) {
      case DT_RPATH:
      case DT_RUNPATH:
        return "it has a search path of its own, '" + text + "'";
      case DT_AUDIT:
      case DT_DEPAUDIT:
      case DT_FILTER:
      case DT_AUXILIARY:
        return "it brings another library to the dynamic linker, '" + text + "'";
      case DT_NEEDED:
        if (text.find('/') != std::string::npos) {
          return "it needs a library by path, '" + text + "'";
        }
        break;
      default:
        break;
    }
  }
  return std::nullopt;
}

}  // namespace paddock::plugin
