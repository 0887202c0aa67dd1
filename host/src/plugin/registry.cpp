#include "plugin/registry.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "plugin/child_process.hpp"
#include "plugin/in_process.hpp"
#include "plugin/manifest_cache.hpp"
#include "plugin/scan.hpp"
#include "plugin/sources.hpp"

namespace paddock::plugin {
namespace {

Error explained(Error error, const std::string& id) {
  error.context.push_back("reading the manifest of plugin '" + id + "'");
  return error;
}

/// Whether `text` may be the manifest of a plugin of `kind`: its name stands in it, or an escape
/// sequence that could spell it. Saves parsing the others.
bool may_be(std::string_view text, Kind kind) {
  return text.find(kind_name(kind)) != std::string_view::npos ||
         text.find('\\') != std::string_view::npos;
}

}  // namespace

Result<Registry> Registry::discover(const Settings& settings) {
  return Registry(settings);
}

Result<const Manifest*> Registry::find(std::string_view id) const {
  if (const auto known = found_.find(id); known != found_.end()) {
    return &known->second;
  }
  const auto candidate = locate(settings_.search, id);
  if (!candidate) {
    return fail(ErrorCode::kUnknownPlugin, "no plugin '" + std::string(id) + "'",
                name_hint(id, ids()));
  }
  auto manifest = parse_candidate(*candidate);
  if (!manifest) {
    return Failure(explained(manifest.error(), candidate->id));
  }
  return &found_.emplace(candidate->id, std::move(*manifest)).first->second;
}

std::vector<std::string> Registry::ids() const {
  std::vector<std::string> result;
  for (const Candidate& candidate : scan(settings_.search)) {
    result.push_back(candidate.id);
  }
  return result;
}

std::vector<const Manifest*> Registry::of_kind(Kind kind) const {
  std::vector<const Manifest*> result;
  for (const Candidate& candidate : scan(settings_.search)) {
    const auto text = read_manifest(candidate);
    if (!text || !may_be(*text, kind)) {
      continue;
    }
    const auto manifest = find(candidate.id);
    if (manifest && (*manifest)->kind == kind) {
      result.push_back(*manifest);
    }
  }
  return result;
}

std::vector<const Manifest*> Registry::shipped(Kind kind) const {
  std::vector<const Manifest*> result;
  for (const SearchPath& where : settings_.search) {
    if (where.mode != Mode::kInProcess) {
      continue;
    }
    for (const std::string& id : where.shipped ? *where.shipped : ids()) {
      const auto manifest = find(id);
      if (manifest && (*manifest)->kind == kind && (*manifest)->mode == Mode::kInProcess) {
        result.push_back(*manifest);
      }
    }
  }
  return result;
}

std::vector<Shadowed> Registry::shadowed() const {
  return find_shadowed(settings_.search);
}

void Registry::list_all() const {
  if (complete_) {
    return;
  }
  complete_ = true;
  ManifestCache cache(settings_.cache_file);
  for (const Candidate& candidate : scan(settings_.search)) {
    if (auto cached = cache.take(candidate)) {
      listed_.emplace(candidate.id, std::move(*cached));
      continue;
    }
    auto manifest = parse_candidate(candidate);
    if (!manifest) {
      broken_.emplace(candidate.id, explained(manifest.error(), candidate.id));
      continue;
    }
    cache.keep(candidate, *manifest);
    manifest->options.clear();
    manifest->text.clear();
    listed_.emplace(candidate.id, std::move(*manifest));
  }
  cache.save();
}

std::vector<const Manifest*> Registry::manifests() const {
  list_all();
  std::vector<const Manifest*> result;
  for (const auto& [id, manifest] : listed_) {
    result.push_back(&manifest);
  }
  return result;
}

const std::map<std::string, Error>& Registry::broken() const {
  list_all();
  return broken_;
}

/// A manifest of the listing is not enough to load a plugin.
Result<const Manifest*> Registry::whole(const Manifest& manifest) const {
  return manifest.text.empty() ? find(manifest.id) : Result<const Manifest*>(&manifest);
}

Result<OpenLibrary> Registry::open(const Manifest& manifest) const {
  const auto pin = settings_.pins.find(manifest.id);
  const bool pinned = pin != settings_.pins.end();
  if (!pinned && settings_.require_pins && manifest.mode != Mode::kInProcess) {
    return fail(ErrorCode::kPluginTrust,
                "plugin '" + manifest.id + "' is not pinned, and host.toml sets 'require_pins'",
                "`paddock plugin info " + manifest.id + "` shows the digest to pin");
  }
  return open_library(manifest, pinned ? pin->second : "");
}

Result<void> Registry::check(const Manifest& manifest) const {
  const auto real = whole(manifest);
  const auto library = real ? open(**real) : fail_as(real);
  return library ? Result<void>{} : Result<void>(fail_as(library));
}

Result<std::unique_ptr<Instance>> Registry::load(const Manifest& manifest,
                                                 std::string_view config_json) const {
  const auto real = whole(manifest);
  auto library = real ? open(**real) : fail_as(real);
  if (!library) {
    return fail_as(library);
  }
  if (auto kept = keep(**real, *library); !kept) {
    return fail_as(kept);
  }
  return (*real)->mode == Mode::kInProcess
             ? open_in_process(**real, std::move(*library), config_json)
             : open_in_child(**real, std::move(*library), config_json, settings_.child_program);
}

/// For the digest: the path may name another file by the time that somebody asks.
Result<void> Registry::keep(const Manifest& manifest, const OpenLibrary& library) const {
  os::UniqueFd copy(::fcntl(library.fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) {
    return fail_errno(errno, "cannot keep '" + library.shown + "' open");
  }
  const std::lock_guard<std::mutex> lock(loaded_->mutex);
  loaded_->files[manifest.id] = std::move(copy);
  return {};
}

Result<std::string> Registry::library_digest(const Manifest& manifest) const {
  const std::lock_guard<std::mutex> lock(loaded_->mutex);
  const auto kept = loaded_->files.find(manifest.id);
  return kept == loaded_->files.end()
             ? digest_library(manifest)
             : digest_library(kept->second.get(), manifest.library().string());
}

}  // namespace paddock::plugin
