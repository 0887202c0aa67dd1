#include "dispatch.hpp"
#include "paddock/sdk/hook.hpp"

namespace paddock::sdk {

Result<std::string> dispatch_hook(Plugin& plugin,
                                  std::string_view method,
                                  std::string_view request) {
  auto& hook = static_cast<Hook&>(plugin);
  if (method == "run") {
    return detail::typed<contract::HookRequest>(
        request, [&](const auto& ask) { return detail::empty(hook.run(ask)); });
  }
  return detail::no_method(method);
}

}  // namespace paddock::sdk
