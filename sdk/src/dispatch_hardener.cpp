#include "dispatch.hpp"
#include "paddock/sdk/hardener.hpp"

namespace paddock::sdk {

using contract::PlanRequest;
using contract::SandboxRequest;
using detail::empty;
using detail::typed;
using detail::wrapped;

Result<std::vector<std::string>> Hardener::require() {
  return std::vector<std::string>{};
}
Result<Ops> Hardener::adjust(const Plan&) {
  return Ops{};
}
Result<void> Hardener::review(const Plan&) {
  return {};
}
Result<void> Hardener::attach(const Plan&, const contract::Sandbox&) {
  return {};
}
Result<std::vector<contract::Finding>> Hardener::verify(const Plan&, const contract::Sandbox&) {
  return std::vector<contract::Finding>{};
}
Result<void> Hardener::release(const Plan&, const contract::Sandbox&) {
  return {};
}

Result<std::string> dispatch_hardener(Plugin& plugin,
                                      std::string_view method,
                                      std::string_view request) {
  auto& hardener = static_cast<Hardener&>(plugin);
  if (method == "require") {
    return typed<contract::Empty>(request, [&](const contract::Empty&) {
      return wrapped<contract::RequireReply>(hardener.require());
    });
  }
  if (method == "adjust") {
    return typed<PlanRequest>(request, [&](const PlanRequest& ask) {
      return wrapped<contract::AdjustReply>(hardener.adjust(ask.plan));
    });
  }
  if (method == "review") {
    return typed<PlanRequest>(
        request, [&](const PlanRequest& ask) { return empty(hardener.review(ask.plan)); });
  }
  if (method == "attach") {
    return typed<SandboxRequest>(request, [&](const SandboxRequest& ask) {
      return empty(hardener.attach(ask.plan, ask.sandbox));
    });
  }
  if (method == "verify") {
    return typed<SandboxRequest>(request, [&](const SandboxRequest& ask) {
      return wrapped<contract::VerifyReply>(hardener.verify(ask.plan, ask.sandbox));
    });
  }
  if (method == "release") {
    return typed<SandboxRequest>(request, [&](const SandboxRequest& ask) {
      return empty(hardener.release(ask.plan, ask.sandbox));
    });
  }
  return detail::no_method(method);
}

}  // namespace paddock::sdk
