#include "plugin/abi_calls.hpp"

#include "plugin/instance.hpp"
#include "plugin/reply_buffer.hpp"

namespace paddock::plugin {
namespace {

paddock_bytes bytes_of(std::string_view text) {
  return {text.data(), text.size()};
}

/// The contract forbids exceptions to leave a plugin; one that does is caught here and nowhere
/// else. Its object may be of another C++ library's making, so nothing but its presence is used.
template <typename Call>
Outcome run(Call call) {
  ReplyBuffer reply(kMaxReplyBytes);
  ReplyBuffer error(kMaxErrorBytes);
  Outcome outcome;
  try {
    outcome.status = call(reply.out(), error.out());
  } catch (...) {
    outcome.threw = true;
  }
  outcome.reply = reply.text();
  outcome.error = error.text();
  outcome.reply_overflowed = reply.overflowed();
  outcome.error_overflowed = error.overflowed();
  return outcome;
}

}  // namespace

Outcome AbiCalls::create(std::string_view config) {
  return run([&](const paddock_out*, const paddock_out* error) {
    return table_.create(host_.get(), bytes_of(config), &self_, error);
  });
}

Outcome AbiCalls::call(std::string_view method, std::string_view request) {
  return run([&](const paddock_out* reply, const paddock_out* error) {
    return table_.call(self_, bytes_of(method), bytes_of(request), reply, error);
  });
}

void AbiCalls::cancel() {
  table_.cancel(self_);
}

void AbiCalls::destroy() {
  table_.destroy(self_);
}

}  // namespace paddock::plugin
