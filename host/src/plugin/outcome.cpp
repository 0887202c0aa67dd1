#include "plugin/outcome.hpp"

#include "base/text.hpp"
#include "paddock/contract/codec.hpp"
#include "paddock/plugin.h"
#include "plugin/instance.hpp"

namespace paddock::plugin {
namespace {

std::string named(std::string_view plugin, std::string_view method) {
  return "plugin '" + std::string(plugin) + "', method '" + std::string(method) + "'";
}

/// The plugin's own error. Its text is a stranger's; rendering escapes it.
Result<std::string> own_error(std::string_view plugin,
                              std::string_view method,
                              const Outcome& outcome) {
  const std::string status = "status " + std::to_string(outcome.status);
  if (outcome.error_overflowed) {
    return misbehaved(plugin, method, status + " with an error object over 64 KiB");
  }
  auto error = contract::decode<Error>(outcome.error);
  if (!error) {
    return misbehaved(plugin, method,
                      status + " without a valid error object: " + error.error().what);
  }
  error->context.push_back(named(plugin, method));
  return Failure(std::move(*error));
}

}  // namespace

Failure misbehaved(std::string_view plugin, std::string_view method, const std::string& what) {
  return fail(ErrorCode::kPluginMisbehaved, "plugin '" + std::string(plugin) + "' misbehaves in '" +
                                                std::string(method) + "': " + what);
}

Result<std::string> judge(std::string_view plugin,
                          std::string_view method,
                          const Outcome& outcome) {
  if (outcome.threw) {
    return misbehaved(plugin, method, "an exception left it");
  }
  if (outcome.reply_overflowed) {
    return misbehaved(plugin, method,
                      "its reply is over " + std::to_string(kMaxReplyBytes >> 20) + " MiB");
  }
  switch (outcome.status) {
    case PADDOCK_OK:
      break;
    case PADDOCK_FAILED:
    case PADDOCK_UNSUPPORTED:
    case PADDOCK_CANCELLED:
      return own_error(plugin, method, outcome);
    default:
      return misbehaved(plugin, method, "unknown status " + std::to_string(outcome.status));
  }
  if (!is_utf8(outcome.reply)) {
    return misbehaved(plugin, method, "its reply is not UTF-8");
  }
  return outcome.reply;
}

Failure Instance::misbehaved(std::string_view method, const Error& error) const {
  return plugin::misbehaved(manifest().id, method, "bad reply: " + error.what);
}

Failure Instance::unanswered(std::string_view method) const {
  return fail(ErrorCode::kUnsupported,
              "plugin '" + manifest().id + "' does not answer '" + std::string(method) + "'");
}

}  // namespace paddock::plugin
