#include "plugin/outcome.hpp"

#include "base/text.hpp"
#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/plugin.h"
#include "plugin/call_limits.hpp"
#include "plugin/instance.hpp"

namespace paddock::plugin {
namespace {

std::string named(std::string_view plugin, std::string_view method) {
  return "plugin '" + std::string(plugin) + "', method '" + std::string(method) + "'";
}

/// Classes whose exit status scripts take for something that only paddock or the workload can say.
bool is_reserved(ErrorCode code) {
  switch (error_code_info(code).error_class) {
    case ErrorClass::kFindings:
    case ErrorClass::kUnconfirmed:
    case ErrorClass::kCannotExecute:
    case ErrorClass::kCommandNotFound:
      return true;
    default:
      return false;
  }
}

}  // namespace

Judge::Judge(std::string plugin, std::string_view config_json) : plugin_(std::move(plugin)) {
  if (const auto config = contract::decode<contract::Config>(config_json)) {
    for (const auto& [pointer, where] : config->positions) {
      files_.insert(where.file);
    }
  }
}

/// Takes out of a stranger's error what would speak for paddock: reserved codes, places that it was
/// not given, the text of files.
void Judge::tame(Error& error) const {
  if (is_reserved(error.code)) {
    error.code = ErrorCode::kPluginFailed;
  }
  if (error.where && files_.count(error.where->file) == 0) {
    error.where.reset();
  }
  error.excerpt.clear();
  for (Error& other : error.others) {
    tame(other);
  }
}

/// The plugin's own error. Its text is a stranger's; rendering escapes it.
Result<std::string> Judge::own_error(std::string_view method, const Outcome& outcome) const {
  const std::string status = "status " + std::to_string(outcome.status);
  if (outcome.error_overflowed) {
    return misbehaved(plugin_, method, status + " with an error object over 64 KiB");
  }
  auto error = contract::decode<Error>(outcome.error);
  if (!error) {
    return misbehaved(plugin_, method,
                      status + " without a valid error object: " + error.error().what);
  }
  tame(*error);
  error->context.push_back(named(plugin_, method));
  return Failure(std::move(*error));
}

/// It ended because the host asked: the host's reason counts, the plugin's words go along.
Result<std::string> Judge::given_up(std::string_view method, const Outcome& outcome) const {
  if (outcome.stop == Stop::kNone) {
    return misbehaved(plugin_, method, "it gives up, though nobody asked it to");
  }
  Result<std::string> error = own_error(method, outcome);
  if (error.error().code == ErrorCode::kPluginMisbehaved) {
    return error;
  }
  Error reason = outcome.stop == Stop::kDeadline
                     ? too_late(plugin_, method).value()
                     : fail(ErrorCode::kInterrupted, "interrupted by the user").value();
  reason.context.push_back(named(plugin_, method) + ": " + error.error().what);
  return Failure(std::move(reason));
}

Failure too_late(std::string_view plugin, std::string_view method) {
  return fail(ErrorCode::kPluginTimeout, "plugin '" + std::string(plugin) + "' does not finish '" +
                                             std::string(method) + "' in time");
}

Failure misbehaved(std::string_view plugin, std::string_view method, const std::string& what) {
  return fail(ErrorCode::kPluginMisbehaved, "plugin '" + std::string(plugin) + "' misbehaves in '" +
                                                std::string(method) + "': " + what);
}

Result<std::string> Judge::operator()(std::string_view method, const Outcome& outcome) const {
  if (outcome.threw) {
    return misbehaved(plugin_, method, "an exception left it");
  }
  if (outcome.logged_too_much) {
    return misbehaved(plugin_, method,
                      "it logs more than " + std::to_string(kMaxLogLines) + " lines or " +
                          std::to_string(kMaxLogBytes >> 20) + " MiB");
  }
  if (outcome.reply_overflowed) {
    return misbehaved(plugin_, method,
                      "its reply is over " + std::to_string(kMaxReplyBytes >> 20) + " MiB");
  }
  switch (outcome.status) {
    case PADDOCK_OK:
      break;
    case PADDOCK_FAILED:
    case PADDOCK_UNSUPPORTED:
      return own_error(method, outcome);
    case PADDOCK_CANCELLED:
      return given_up(method, outcome);
    default:
      return misbehaved(plugin_, method, "unknown status " + std::to_string(outcome.status));
  }
  if (!is_utf8(outcome.reply)) {
    return misbehaved(plugin_, method, "its reply is not UTF-8");
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
