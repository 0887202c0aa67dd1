#include "plugin/sources.hpp"

#include <algorithm>
#include <functional>

#include "base/digest.hpp"
#include "os/file.hpp"
#include "plugin/elf_check.hpp"
#include "plugin/toml_node.hpp"
#include "plugin/trust.hpp"

namespace paddock::plugin {
namespace {

Result<void> check_manifest(int directory, const Manifest& manifest) {
  const auto path = manifest.directory / "manifest.toml";
  const auto fd = open_trusted_file(directory, "manifest.toml", path);
  if (!fd) {
    return fail_as(fd);
  }
  const auto text = os::read_fd(fd->get(), kMaxTomlBytes, path.string());
  if (!text) {
    return fail_as(text);
  }
  if (*text != manifest.text) {
    return fail(ErrorCode::kPluginTrust, "'" + path.string() + "' changed since it was read");
  }
  return {};
}

/// The directory of a plugin, by way of its checked search directory.
Result<os::UniqueFd> open_directory(const Manifest& manifest) {
  const auto search = open_trusted_search_dir(manifest.directory.parent_path());
  if (!search) {
    return fail_as(search);
  }
  return open_trusted_dir(search->get(), manifest.id, manifest.directory);
}

Result<OpenLibrary> open_file(int directory, const Manifest& manifest) {
  OpenLibrary library;
  library.shown = manifest.library().string();
  auto fd = open_trusted_file(directory, manifest.library().filename().string(), library.shown);
  if (!fd) {
    return fail_as(fd);
  }
  library.fd = std::move(*fd);
  return library;
}

Result<void> check_pin(const Manifest& manifest, std::string_view bytes, const std::string& pin) {
  if (pin.empty()) {
    return {};
  }
  const std::string digest = sha256(bytes);
  if (digest != pin) {
    return fail(ErrorCode::kPluginTrust,
                "'" + manifest.library().string() +
                    "' is not what host.toml pins: its digest is '" + digest + "', not '" + pin +
                    "'",
                "if you replaced the plugin yourself, pin the new digest");
  }
  return {};
}

Result<void> check_library(const OpenLibrary& library,
                           const Manifest& manifest,
                           const std::string& pin) {
  const auto mapped = MappedFile::map(library.fd.get(), library.shown);
  if (!mapped) {
    return fail_as(mapped);
  }
  if (auto elf = check_elf(mapped->bytes(), library.shown); !elf) {
    return elf;
  }
  // The exact comparison is made on the loaded struct; this one keeps constructors from running.
  const std::string_view bytes = mapped->bytes();
  const std::boyer_moore_horspool_searcher embedded(manifest.text.begin(), manifest.text.end());
  if (std::search(bytes.begin(), bytes.end(), embedded) == bytes.end()) {
    return fail(ErrorCode::kPluginTrust,
                "plugin '" + manifest.id + "' embeds another manifest than its manifest.toml",
                kRebuild);
  }
  return check_pin(manifest, bytes, pin);
}

}  // namespace

Result<OpenLibrary> open_library(const Manifest& manifest, const std::string& pin) {
  const auto directory = open_directory(manifest);
  if (!directory) {
    return fail_as(directory);
  }
  if (auto same = check_manifest(directory->get(), manifest); !same) {
    return fail_as(same);
  }
  auto library = open_file(directory->get(), manifest);
  if (!library) {
    return library;
  }
  if (auto checked = check_library(*library, manifest, pin); !checked) {
    return fail_as(checked);
  }
  return library;
}

Result<std::string> digest_library(const Manifest& manifest) {
  const auto directory = open_directory(manifest);
  if (!directory) {
    return fail_as(directory);
  }
  const auto library = open_file(directory->get(), manifest);
  if (!library) {
    return fail_as(library);
  }
  return digest_library(library->fd.get(), library->shown);
}

Result<std::string> digest_library(int fd, const std::string& shown) {
  const auto mapped = MappedFile::map(fd, shown);
  return mapped ? Result<std::string>(sha256(mapped->bytes())) : fail_as(mapped);
}

}  // namespace paddock::plugin
