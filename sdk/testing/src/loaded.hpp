// A plugin's library, opened by plain dlopen(3), and calls into it that keep every answer.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/plugin.h"

namespace paddock::testing {

/// What one call of the ABI gave.
struct Outcome {
  int32_t status = PADDOCK_OK;
  std::string reply;
  std::string error;
};

/// Never closed, as hosts never close one.
struct Loaded {
  const paddock_plugin* plugin = nullptr;  ///< null: see `problem`
  std::string problem;
  std::string manifest;  ///< the bytes of manifest.toml
  std::string id;
  std::string kind;
  std::vector<std::string> methods;
  std::filesystem::path library;
  bool same_struct = false;  ///< two calls of paddock_plugin_v1 gave one pointer

  bool answers(std::string_view method) const;
};
Loaded load(const std::filesystem::path& directory);

/// One instance; destroyed with this.
class Instance {
 public:
  /// `plugin` outlives this. Look at `created()` first.
  Instance(const paddock_plugin& plugin, std::string_view config);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const Outcome& created() const { return created_; }
  void* self() const { return self_; }
  /// The request is handed over without a terminator and overwritten afterwards.
  Outcome call(std::string_view method, std::string_view request);
  /// A host that takes no byte of the reply.
  Outcome call_refusing(std::string_view method, std::string_view request);
  void cancel() { plugin_.cancel(self_); }

 private:
  const paddock_plugin& plugin_;
  Outcome created_;
  void* self_ = nullptr;
};

/// The Config message of a plugin.
std::string config_message(std::string_view id, std::string_view values);

/// Something that no plugin may write into `self`.
inline void* const kUntouched = reinterpret_cast<void*>(0x7061646b);

}  // namespace paddock::testing
