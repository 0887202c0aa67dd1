#include "support/engine/image/work.hpp"

#include <memory>
#include <utility>

#include "support/engine/image/images.hpp"

namespace paddock::engine {

using contract::ImageReply;

namespace {

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

}  // namespace

Result<ImageReply> bring(Engine& engine,
                         const Request& request,
                         Pieces more,
                         const std::string& reference,
                         const std::string& step,
                         ProgressWriter& progress) {
  ImageStream words(step, progress);
  const Stream stream{std::move(more), [&](std::string_view line) { return words.take(line); }};
  const auto passed = engine.pass(request, stream, step);
  return passed ? made(engine, reference, step) : fail_as(passed);
}

Pieces told(Pieces more, ProgressWriter& progress, std::uint64_t total) {
  return [more = std::move(more), &progress, total, sent = std::uint64_t{0}]() mutable {
    auto piece = more();
    sent += piece ? piece->size() : 0;
    progress.tell({"sending", "", sent, total == 0 ? sent + 1 : total, ""});
    return piece;
  };
}

Pieces pieces_of(TarSource tar) {
  auto source = std::make_shared<TarSource>(std::move(tar));
  return [source] { return source->next(); };
}

Search search_for(const sdk::Host& host) {
  return {[&host] { return host.cancelled(); },
          [&host](const std::string& line) { host.log(PADDOCK_LOG_WARN, line); }};
}

Result<ImageReply> explained(Result<ImageReply> image, const std::vector<Asked>& asked) {
  return image ? std::move(image)
               : Result<ImageReply>(Failure(explain_refusal(std::move(image).error(), asked)));
}

std::string platform_query(const std::string& platform) {
  return platform.empty() ? "" : "&platform=" + url_escape(platform);
}

}  // namespace paddock::engine
