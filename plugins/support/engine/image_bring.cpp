// Images that come: from a registry, from a Containerfile, from a root file system.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "support/engine/backend.hpp"
#include "support/engine/base_images.hpp"
#include "support/engine/image_stream.hpp"
#include "support/engine/images.hpp"
#include "support/engine/registry_auth.hpp"
#include "support/engine/tar_source.hpp"
#include "support/small_file.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

namespace fs = std::filesystem;

/// Without a word for so long, the engine is taken for dead. A build may run something silent.
constexpr std::chrono::minutes kPullSilence{2};
constexpr std::chrono::minutes kBuildSilence{60};
constexpr std::size_t kPiece = 64 << 10;
constexpr const char* kTar = "application/x-tar";
constexpr const char* kOwnFile = ".paddock.Containerfile";

/// What the engine calls `reference` now.
Result<ImageReply> made(Engine& engine, const std::string& reference, const std::string& step) {
  auto found = find_image(engine, reference);
  if (!found) {
    return fail_as(found);
  }
  return *found ? ImageReply{std::move((*found)->image)}
                : Result<ImageReply>(fail(ErrorCode::kBackendRefused,
                                          "the engine did not " + step + ", and does not say why"));
}

/// Sends `request`, with `more` as its body, and hears the engine out.
Result<ImageReply> bring(Engine& engine,
                         const Request& request,
                         std::function<Result<std::string>()> more,
                         const std::string& reference,
                         const std::string& step,
                         ProgressWriter& progress) {
  ImageStream words(step, progress);
  const Stream stream{std::move(more), [&](std::string_view line) { return words.take(line); }};
  const auto passed = engine.pass(request, stream, step);
  return passed ? made(engine, reference, step) : fail_as(passed);
}

/// Counts what passes.
std::function<Result<std::string>()> told(std::function<Result<std::string>()> more,
                                          ProgressWriter& progress,
                                          std::uint64_t total) {
  return [more = std::move(more), &progress, total, sent = std::uint64_t{0}]() mutable {
    auto piece = more();
    sent += piece ? piece->size() : 0;
    progress.tell({"sending", "", sent, total == 0 ? sent + 1 : total, ""});
    return piece;
  };
}

std::function<Result<std::string>()> pieces_of(std::shared_ptr<support::UniqueFd> file,
                                               const std::string& path) {
  return [file = std::move(file), path]() -> Result<std::string> {
    std::string piece(kPiece, '\0');
    const ssize_t count = ::read(file->get(), piece.data(), piece.size());
    if (count < 0) {
      return fail_errno(errno, "cannot read '" + path + "'");
    }
    piece.resize(static_cast<std::size_t>(count));
    return piece;
  };
}

std::function<Result<std::string>()> pieces_of(TarSource tar) {
  auto source = std::make_shared<TarSource>(std::move(tar));
  return [source] { return source->next(); };
}

/// A root file system as it lies there: an archive, or a directory.
Result<std::function<Result<std::string>()>> open_root(const std::string& path,
                                                       ProgressWriter& progress) {
  auto file =
      std::make_shared<support::UniqueFd>(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!*file || ::fstat(file->get(), &status) != 0) {
    return fail_errno(errno, "cannot open '" + path + "'");
  }
  if (S_ISREG(status.st_mode)) {
    return told(pieces_of(std::move(file), path), progress,
                static_cast<std::uint64_t>(status.st_size));
  }
  if (!S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kUsage, "'" + path + "' is neither an archive nor a directory");
  }
  auto tar = TarSource::open(path);
  return tar ? Result<std::function<Result<std::string>()>>(
                   told(pieces_of(std::move(*tar)), progress, 0))
             : fail_as(tar);
}

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

/// How the user is asked and told about credentials.
Search search_for(const sdk::Host& host) {
  return {[&host] { return host.cancelled(); },
          [&host](const std::string& line) { host.log(PADDOCK_LOG_WARN, line); }};
}

/// `image`, or what a registry's refusal means.
Result<ImageReply> explained(Result<ImageReply> image, const std::vector<Asked>& asked) {
  return image ? std::move(image)
               : Result<ImageReply>(Failure(explain_refusal(std::move(image).error(), asked)));
}

/// For the images that the Containerfile builds on.
Result<RegistryAuth> auth_for(const ImageBuildRequest& request, const sdk::Host& host) {
  const auto text = support::read_small_file(request.containerfile);
  return text ? auth_for_build(base_repositories(*text), search_for(host))
              : fail_errno(errno, "cannot read '" + request.containerfile + "'");
}

std::string platform_query(const std::string& platform) {
  return platform.empty() ? "" : "&platform=" + url_escape(platform);
}

}  // namespace

Result<ImageReply> EngineBackend::image_pull(const ImagePullRequest& request) {
  const auto engine = this->engine();
  if (!engine) {
    return fail_as(engine);
  }
  ProgressWriter progress(request.progress_fd);
  const std::string& reference = request.reference;
  const std::size_t at = reference.find('@');
  const std::size_t end = at != std::string::npos ? at : reference.rfind(':');
  const auto auth = auth_for_pull(reference.substr(0, end), search_for(host()));
  if (!auth) {
    return fail_as(auth);
  }
  Request ask{"POST", "/images/create?fromImage=" + url_escape(reference.substr(0, end)) + "&tag=" +
                          url_escape(reference.substr(end + 1)) + platform_query(request.platform)};
  ask.deadline = kPullSilence;
  ask.header = auth->header;
  return explained(bring(**engine, ask, {}, reference, "pull image '" + reference + "'", progress),
                   auth->asked);
}

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
  ask.deadline = kBuildSilence;
  ask.header = auth->header;
  return explained(bring(**engine, ask, told(pieces_of(std::move(*tar)), progress, 0),
                         request.reference, "build image '" + request.reference + "'", progress),
                   auth->asked);
}

Result<ImageReply> EngineBackend::image_import(const ImageImportRequest& request) {
  const auto engine = this->engine();
  if (!engine) {
    return fail_as(engine);
  }
  ProgressWriter progress(request.progress_fd);
  auto more = open_root(request.source, progress);
  if (!more) {
    return fail_as(more);
  }
  Request ask{"POST", import_path(request.reference)};
  ask.content_type = kTar;
  ask.deadline = kPullSilence;
  return bring(**engine, ask, std::move(*more), request.reference,
               "import image '" + request.reference + "'", progress);
}

std::string EngineBackend::import_path(const std::string& reference) const {
  const std::size_t colon = reference.rfind(':');
  return "/images/create?fromSrc=-&repo=" + url_escape(reference.substr(0, colon)) +
         "&tag=" + url_escape(reference.substr(colon + 1));
}

}  // namespace paddock::engine
