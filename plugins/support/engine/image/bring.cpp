// Images that come from a registry, or from a root file system.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "support/engine/backend.hpp"
#include "support/engine/image/work.hpp"
#include "support/unique_fd.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

namespace {

/// Without a word for so long, the engine is taken for dead.
constexpr std::chrono::minutes kSilence{2};
constexpr std::size_t kPiece = 64 << 10;

Pieces pieces_of(std::shared_ptr<support::UniqueFd> file, const std::string& path) {
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

/// A root file system as it lies there: an archive, or a directory.
Result<Pieces> open_root(const std::string& path, ProgressWriter& progress) {
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
  return tar ? Result<Pieces>(told(pieces_of(std::move(*tar)), progress, 0)) : fail_as(tar);
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
  ask.deadline = kSilence;
  ask.header = auth->header;
  return explained(bring(**engine, ask, {}, reference, "pull image '" + reference + "'", progress),
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
  ask.deadline = kSilence;
  return bring(**engine, ask, std::move(*more), request.reference,
               "import image '" + request.reference + "'", progress);
}

std::string EngineBackend::import_path(const std::string& reference) const {
  const std::size_t colon = reference.rfind(':');
  return "/images/create?fromSrc=-&repo=" + url_escape(reference.substr(0, colon)) +
         "&tag=" + url_escape(reference.substr(colon + 1));
}

}  // namespace paddock::engine
