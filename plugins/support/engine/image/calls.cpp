// What the host asks about images that are there.
#include "support/engine/backend.hpp"
#include "support/engine/image/images.hpp"

namespace paddock::engine {

using namespace contract;  // NOLINT(google-build-using-namespace): the messages are all we speak

Result<ImagesReply> EngineBackend::images(const ImagesRequest& request) {
  const auto engine = this->engine();
  if (!engine) {
    return fail_as(engine);
  }
  if (request.reference.empty()) {
    auto all = list_images(**engine);
    return all ? ImagesReply{std::move(*all)} : Result<ImagesReply>(fail_as(all));
  }
  auto found = find_image(**engine, request.reference);
  if (!found) {
    return fail_as(found);
  }
  ImagesReply reply;
  if (*found) {
    reply.images.push_back(std::move((*found)->image));
  }
  return reply;
}

Result<void> EngineBackend::image_remove(const ImageRemoveRequest& request) {
  const auto engine = this->engine();
  const auto found = engine ? find_image(**engine, request.reference) : fail_as(engine);
  if (!found || !*found) {
    return found ? Result<void>{} : fail_as(found);
  }
  if ((*found)->image.id != request.id) {
    return fail(ErrorCode::kImage,
                "image '" + request.reference + "' is another by now: " + (*found)->image.id);
  }
  Request ask{"DELETE", "/images/" + request.reference};
  ask.deadline = std::chrono::minutes(5);  // many files on a slow disk
  const auto reply = (*engine)->call(ask, "remove image '" + request.reference + "'");
  return reply ? Result<void>{} : fail_as(reply);
}

}  // namespace paddock::engine
