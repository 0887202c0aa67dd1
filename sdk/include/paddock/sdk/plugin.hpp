// What every kind of plugin is, and what it can ask of the host.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "paddock/plugin.h"
#include "paddock/sdk/table.hpp"

namespace paddock::sdk {

using contract::Plan;
using paddock::Error;
using paddock::ErrorCode;
using paddock::Result;

/// The host during one call: log lines, and whether to give up.
class Host {
 public:
  explicit Host(const paddock_host* host) : host_(host) {}
  /// One line for the user; `level` is one of PADDOCK_LOG_*. [any thread]
  void log(int level, std::string_view message) const;
  /// True once the call under way should end soon. [any thread]
  bool cancelled() const;
  /// The host asks the call under way to end; the trampolines call both. [any thread]
  void cancel() { cancelled_ = true; }
  void begin_call() { cancelled_ = false; }

 private:
  const paddock_host* host_;
  std::atomic<bool> cancelled_{false};
};

class Plugin {
 public:
  virtual ~Plugin() = default;
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  /// Called once, before anything else; `config` holds every declared option.
  virtual Result<void> configure(const Table& config);

  /// The host; valid in every call.
  const Host& host() const { return *host_; }
  Host& host() { return *host_; }
  void attach_host(const paddock_host* host) { host_ = std::make_unique<Host>(host); }

 private:
  std::unique_ptr<Host> host_;
};

}  // namespace paddock::sdk
