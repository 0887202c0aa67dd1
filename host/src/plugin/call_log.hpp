// How long each call to a plugin took, at log level debug (`-vv`). Requests and replies are not
// shown: they may hold values of environment variables. [any thread]
#pragma once

#include <chrono>
#include <string_view>

namespace paddock::plugin {

/// Logs in the destructor. Both names outlive it.
class CallLog {
 public:
  CallLog(std::string_view plugin, std::string_view method);
  ~CallLog();
  CallLog(const CallLog&) = delete;
  CallLog& operator=(const CallLog&) = delete;

 private:
  std::string_view plugin_, method_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace paddock::plugin
