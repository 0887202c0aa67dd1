// Images from a Containerfile.
#include <cerrno>
#include <filesystem>

#include "support/engine/backend.hpp"
#include "support/engine/image/work.hpp"
#include "support/engine/registry/base_images.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

namespace fs = std::filesystem;

/// Without a word for so long, the engine is taken for dead. It may run something silent.
constexpr std::chrono::minutes kSilence{60};
constexpr const char* kOwnFile = ".paddock.Containerfile";

/// The Containerfile's place in the context; empty for one that lies elsewhere.
std::string place_within(const ImageBuildRequest& request) {
  const fs::path inside = fs::path(request.containerfile).lexically_relative(request.context);
  const bool within =
      !inside.empty() && *inside.begin() != ".." && !fs::is_symlink(request.containerfile);
  return within ? inside.string() : "";
}

/// What is sent of the context: one that lies elsewhere is added, as `kOwnFile`.
Result<TarSource> open_context(const ImageBuildRequest& request, const std::string& within) {
  auto ignored = IgnoreList::of(request.context);
  if (!ignored) {
    return fail_as(ignored);
  }
  ignored->keep(within);
  auto tar = TarSource::open(request.context, std::move(*ignored));
  if (!tar || !within.empty()) {
    return tar;
  }
  auto text = support::read_small_file(request.containerfile);
  if (!text) {
    return fail_errno(errno, "cannot read '" + request.containerfile + "'");
  }
  tar->append(kOwnFile, std::move(*text));
  return tar;
}

/// For the images that the Containerfile builds on.
Result<RegistryAuth> auth_for(const ImageBuildRequest& request, const sdk::Host& host) {
  const auto text = support::read_small_file(request.containerfile);
  return text ? auth_for_build(base_repositories(*text), search_for(host))
              : fail_errno(errno, "cannot read '" + request.containerfile + "'");
}

}  // namespace

Result<ImageReply> EngineBackend::image_build(const ImageBuildRequest& request) {
  const std::string within = place_within(request);
  const auto engine = this->engine();
  auto tar = engine ? open_context(request, within) : fail_as(engine);
  const auto auth = tar ? auth_for(request, host()) : fail_as(tar);
  if (!auth) {
    return fail_as(auth);
  }
  ProgressWriter progress(request.progress_fd);
  Request ask{"POST", "/build?rm=true&forcerm=true&dockerfile=" +
                          url_escape(within.empty() ? kOwnFile : within) +
                          "&t=" + url_escape(request.reference) + platform_query(request.platform)};
  ask.content_type = kTar;
  ask.deadline = kSilence;
  ask.header = auth->header;
  return explained(bring(**engine, ask, told(pieces_of(std::move(*tar)), progress, 0),
                         request.reference, "build image '" + request.reference + "'", progress),
                   auth->asked);
}

}  // namespace paddock::engine
