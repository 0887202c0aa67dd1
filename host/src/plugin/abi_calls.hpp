// A loaded plugin and one instance of it: the C calls, nothing else. Used by the in-process
// instance and, on the other side of the socket, by the child. [one thread; calls are serial]
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"
#include "paddock/plugin.h"
#include "plugin/host_interface.hpp"
#include "plugin/outcome.hpp"

namespace paddock::plugin {

class AbiCalls {
 public:
  AbiCalls(paddock_plugin table, LogSink sink, StopQuery should_stop)
      : table_(table), host_(std::move(sink), std::move(should_stop)) {}
  AbiCalls(const AbiCalls&) = delete;
  AbiCalls& operator=(const AbiCalls&) = delete;

  Outcome create(std::string_view config);
  Outcome call(std::string_view method, std::string_view request);
  /// Asks the call() under way to end. [any thread, while call() runs]
  void cancel();
  /// Once, after a create() with PADDOCK_OK.
  void destroy();

 private:
  paddock_plugin table_;
  HostInterface host_;
  void* self_ = nullptr;
};

}  // namespace paddock::plugin
