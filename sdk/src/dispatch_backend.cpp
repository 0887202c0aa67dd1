#include "dispatch.hpp"
#include "paddock/sdk/backend.hpp"

namespace paddock::sdk {

using detail::empty;
using detail::typed;

Result<contract::VolumeReply> Backend::volume(const contract::VolumeRequest&) {
  return detail::no_method("volume");
}

Result<std::string> dispatch_backend(Plugin& plugin,
                                     std::string_view method,
                                     std::string_view request) {
  auto& backend = static_cast<Backend&>(plugin);
  if (method == "probe") {
    return typed<contract::Empty>(request, [&](const auto&) { return backend.probe(); });
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
  return detail::no_method(method);
}

}  // namespace paddock::sdk
