#include "plugin/outcome.hpp"

#include "base/text.hpp"
#include "paddock/contract/codec.hpp"
#include "paddock/plugin.h"
#include "plugin/call_limits.hpp"
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

/// It ended because the host asked: the host's reason counts, the plugin's words go along.
Result<std::string> given_up(std::string_view plugin,
                             std::string_view method,
                             const Outcome& outcome) {
  if (outcome.stop == Stop::kNone) {
    return misbehaved(plugin, method, "it gives up, though nobody asked it to");
  }
  Result<std::string> error = own_error(plugin, method, outcome);
  if (error.error().code == ErrorCode::kPluginMisbehaved) {
    return error;
  }
  Error reason = outcome.stop == Stop::kDeadline
                     ? too_late(plugin, method).value()
                     : fail(ErrorCode::kInterrupted, "interrupted by the user").value();
  reason.context.push_back(named(plugin, method) + ": " + error.error().what);
  return Failure(std::move(reason));
}

}  // namespace

Failure too_late(std::string_view plugin, std::string_view method) {
  return fail(ErrorCode::kPluginTimeout, "plugin '" + std::string(plugin) + "' does not finish '" +
                                             std::string(method) + "' in time");
}

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
  if (outcome.logged_too_much) {
    return misbehaved(plugin, method,
                      "it logs more than " + std::to_string(kMaxLogLines) + " lines or " +
                          std::to_string(kMaxLogBytes >> 20) + " MiB");
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
      return own_error(plugin, method, outcome);
    case PADDOCK_CANCELLED:
      return given_up(plugin, method, outcome);
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
