#include "plugin/elf_check.hpp"

#include <elf.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <utility>

#include "paddock/plugin.h"
#include "plugin/elf_dynamic.hpp"
#include "plugin/elf_record.hpp"

namespace paddock::plugin {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "say which ELF machine this is"
#endif

constexpr std::string_view kEntryPrefix = "paddock_plugin_v";

Failure cannot_load(const std::string& shown, const std::string& why) {
  return fail(ErrorCode::kPluginLoad, "cannot load '" + shown + "': " + why);
}

Result<Elf64_Ehdr> read_header(std::string_view bytes, const std::string& shown) {
  if (!bytes.starts_with(std::string_view(ELFMAG, SELFMAG))) {
    return cannot_load(shown, "not a shared library");
  }
  const auto header = record_at<Elf64_Ehdr>(bytes, 0);
  if (!header) {
    return cannot_load(shown, "the file is truncated");
  }
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
      header->e_machine != kMachine) {
    return cannot_load(shown, "it is built for another machine");
  }
  if (header->e_type != ET_DYN) {
    return cannot_load(shown, "not a shared library");
  }
  return *header;
}

Result<void> check_segments(std::string_view bytes,
                            const Elf64_Ehdr& header,
                            const std::string& shown) {
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = record_at<Elf64_Phdr>(bytes, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment || !lies_within(bytes, segment->p_offset, segment->p_filesz)) {
      return cannot_load(shown, "the file is truncated");
    }
    if (segment->p_type == PT_INTERP) {
      return cannot_load(shown, "it is a program, not a shared library");
    }
  }
  return {};
}

/// The name of a defined dynamic symbol that starts with `prefix`; the entry of our ABI first.
class DynamicSymbols {
 public:
  DynamicSymbols(std::string_view bytes, const Elf64_Ehdr& header)
      : bytes_(bytes), header_(header) {}

  std::optional<std::string_view> entry() const {
    std::optional<std::string_view> other;
    for (std::uint64_t i = 0; i < header_.e_shnum; ++i) {
      const auto section = section_at(i);
      const auto strings =
          section && section->sh_type == SHT_DYNSYM ? section_at(section->sh_link) : std::nullopt;
      for (std::uint64_t at = 0; strings && at + sizeof(Elf64_Sym) <= section->sh_size;
           at += sizeof(Elf64_Sym)) {
        const std::string_view found = defined_name(section->sh_offset + at, *strings);
        if (found == kOurEntry) {
          return found;
        }
        other = found.starts_with(kEntryPrefix) ? found : other;
      }
    }
    return other;
  }

  static constexpr std::string_view kOurEntry = "paddock_plugin_v1";

 private:
  std::optional<Elf64_Shdr> section_at(std::uint64_t index) const {
    const auto section =
        record_at<Elf64_Shdr>(bytes_, header_.e_shoff + index * sizeof(Elf64_Shdr));
    return section && lies_within(bytes_, section->sh_offset, section->sh_size) ? section
                                                                                : std::nullopt;
  }

  std::string_view defined_name(std::uint64_t offset, const Elf64_Shdr& strings) const {
    const auto symbol = record_at<Elf64_Sym>(bytes_, offset);
    if (!symbol || symbol->st_shndx == SHN_UNDEF || symbol->st_name >= strings.sh_size) {
      return {};
    }
    const std::string_view table = bytes_.substr(strings.sh_offset, strings.sh_size);
    const std::string_view name = table.substr(symbol->st_name);
    return name.substr(0, name.find('\0'));
  }

  std::string_view bytes_;
  const Elf64_Ehdr& header_;
};

}  // namespace

Result<void> check_elf(std::string_view bytes, const std::string& shown) {
  const auto header = read_header(bytes, shown);
  if (!header) {
    return fail_as(header);
  }
  if (auto segments = check_segments(bytes, *header, shown); !segments) {
    return segments;
  }
  if (const auto elsewhere = code_from_elsewhere(bytes, *header)) {
    return fail(ErrorCode::kPluginTrust, "cannot load '" + shown + "': " + *elsewhere,
                "build it without; paddock_add_plugin() does");
  }
  const auto entry = DynamicSymbols(bytes, *header).entry();
  if (!entry) {
    return cannot_load(shown, "it exports no 'paddock_plugin_v1'");
  }
  if (*entry != DynamicSymbols::kOurEntry) {
    return fail(ErrorCode::kPluginAbi, "cannot load '" + shown + "': it exports '" +
                                           std::string(*entry) + "', this paddock speaks ABI " +
                                           std::to_string(PADDOCK_ABI_MAJOR));
  }
  return {};
}

Result<MappedFile> MappedFile::map(int fd, const std::string& shown) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return fail_errno(errno, "cannot look at '" + shown + "'");
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0 || size > kMaxLibraryBytes) {
    return cannot_load(shown, size == 0 ? "the file is empty" : "the file is larger than 256 MiB");
  }
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED) {
    return fail_errno(errno, "cannot map '" + shown + "'");
  }
  return MappedFile(data, size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(data_, size_);
  }
}

}  // namespace paddock::plugin
