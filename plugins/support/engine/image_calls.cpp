// What the host asks about images.
#include "support/engine/backend.hpp"
#include "support/engine/images.hpp"

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

}  // namespace paddock::engine
