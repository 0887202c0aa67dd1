#include "run/digests.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/digest.hpp"
#include "os/paths.hpp"
#include "os/unique_fd.hpp"
#include "plugin/elf_check.hpp"

namespace paddock::run {
namespace {

Result<std::string> digest_gate() {
  const std::string path = os::install_paths().gate;
  const os::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return fail_errno(errno, "cannot open '" + path + "'");
  }
  const auto mapped = plugin::MappedFile::map(fd.get(), path);
  return mapped ? Result<std::string>(sha256(mapped->bytes())) : fail_as(mapped);
}

}  // namespace

Result<Digests> take_digests(const plugin::Registry& registry,
                             const std::vector<const plugin::Manifest*>& manifests) {
  const auto gate = digest_gate();
  if (!gate) {
    return fail_as(gate);
  }
  Digests digests{*gate, {}};
  for (const plugin::Manifest* manifest : manifests) {
    auto digest = registry.library_digest(*manifest);
    if (!digest) {
      return fail_as(digest);
    }
    digests.plugins.push_back({manifest->id, manifest->version, std::move(*digest)});
  }
  return digests;
}

}  // namespace paddock::run
