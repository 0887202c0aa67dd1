#include "dispatch.hpp"
#include "paddock/sdk/backend.hpp"

namespace paddock::sdk {

using detail::empty;
using detail::typed;

Result<contract::VolumeReply> Backend::volume(const contract::VolumeRequest&) {
  return detail::no_method("volume");
}

Result<contract::ImagesReply> Backend::images(const contract::ImagesRequest&) {
  return detail::no_method("images");
}
Result<contract::ImageReply> Backend::image_pull(const contract::ImagePullRequest&) {
  return detail::no_method("image-pull");
}
Result<contract::ImageReply> Backend::image_build(const contract::ImageBuildRequest&) {
  return detail::no_method("image-build");
}
Result<contract::ImageReply> Backend::image_import(const contract::ImageImportRequest&) {
  return detail::no_method("image-import");
}
Result<void> Backend::image_remove(const contract::ImageRemoveRequest&) {
  return detail::no_method("image-remove");
}

namespace {

Result<std::string> dispatch_images(Backend& backend,
                                    std::string_view method,
                                    std::string_view request) {
  if (method == "images") {
    return typed<contract::ImagesRequest>(request,
                                          [&](const auto& ask) { return backend.images(ask); });
  }
  if (method == "image-pull") {
    return typed<contract::ImagePullRequest>(
        request, [&](const auto& ask) { return backend.image_pull(ask); });
  }
  if (method == "image-build") {
    return typed<contract::ImageBuildRequest>(
        request, [&](const auto& ask) { return backend.image_build(ask); });
  }
  if (method == "image-import") {
    return typed<contract::ImageImportRequest>(
        request, [&](const auto& ask) { return backend.image_import(ask); });
  }
  if (method == "image-remove") {
    return typed<contract::ImageRemoveRequest>(
        request, [&](const auto& ask) { return empty(backend.image_remove(ask)); });
  }
  return detail::no_method(method);
}

}  // namespace

Result<std::string> dispatch_backend(Plugin& plugin,
                                     std::string_view method,
                                     std::string_view request) {
  auto& backend = static_cast<Backend&>(plugin);
  if (method == "probe") {
    return typed<contract::ProbeRequest>(request,
                                         [&](const auto& ask) { return backend.probe(ask); });
  }
  if (method == "prepare") {
    return typed<contract::PrepareRequest>(request,
                                           [&](const auto& ask) { return backend.prepare(ask); });
  }
  if (method == "volume") {
    return typed<contract::VolumeRequest>(request,
                                          [&](const auto& ask) { return backend.volume(ask); });
  }
  if (method == "create") {
    return typed<contract::CreateRequest>(request,
                                          [&](const auto& ask) { return backend.create(ask); });
  }
  if (method == "exec") {
    return typed<contract::ExecRequest>(request,
                                        [&](const auto& ask) { return backend.exec(ask); });
  }
  if (method == "inspect") {
    return typed<contract::InspectRequest>(request,
                                           [&](const auto& ask) { return backend.inspect(ask); });
  }
  if (method == "stop") {
    return typed<contract::StopRequest>(request,
                                        [&](const auto& ask) { return empty(backend.stop(ask)); });
  }
  if (method == "remove") {
    return typed<contract::RemoveRequest>(
        request, [&](const auto& ask) { return empty(backend.remove(ask)); });
  }
  return dispatch_images(backend, method, request);
}

}  // namespace paddock::sdk
