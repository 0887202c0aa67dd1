// One live plugin, in this process or in a child; the caller cannot tell which.
// [one thread; calls are serial]
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/manifest.hpp"

namespace paddock::plugin {

/// The limits of one call.
inline constexpr std::size_t kMaxReplyBytes = 4 << 20;
inline constexpr std::chrono::milliseconds kCallDeadline{10'000};

class Instance {
 public:
  virtual ~Instance() = default;
  Instance() = default;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  virtual const Manifest& manifest() const = 0;
  /// One call of the ABI: status, size, UTF-8 and deadline are checked here. `descriptors` are
  /// the numbers inside the request's GateSpec; a child gets them by SCM_RIGHTS and the request is
  /// renumbered. Errors: kPluginFailed and the plugin's own, kPluginMisbehaved, kPluginTimeout,
  /// kPluginDied, each naming the plugin and the method.
  virtual Result<std::string> call(std::string_view method,
                                   std::string_view request,
                                   std::chrono::milliseconds deadline = kCallDeadline) = 0;

  /// A typed call: encode, call, decode; a reply that does not decode is kPluginMisbehaved.
  template <typename Reply, typename Request>
  Result<Reply> ask(std::string_view method,
                    const Request& request,
                    std::chrono::milliseconds deadline = kCallDeadline) {
    auto text = call(method, contract::encode(request), deadline);
    if (!text) {
      return fail_as(text);
    }
    auto reply = contract::decode<Reply>(*text);
    if (!reply) {
      return misbehaved(method, reply.error());
    }
    return reply;
  }

 private:
  Failure misbehaved(std::string_view method, const Error& error) const;

 protected:
  /// For a method that the manifest does not list: the host calls no other.
  Failure unanswered(std::string_view method) const;
};

}  // namespace paddock::plugin
