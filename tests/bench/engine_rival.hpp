// An engine's own client as a rival, on an engine of the rig's (tests/engines/rig).
//
// The client's flags are taken from a container that paddock made. It has none for the list of
// masked paths; it masks the engine's own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "child.hpp"

namespace paddock::bench {

/// Whether the rig can run `engine`, "docker" or "podman", here; says why not.
bool can_rival(const std::string& engine);

/// An engine, while this lives.
class EngineRig {
 public:
  explicit EngineRig(std::string engine);
  ~EngineRig();
  EngineRig(const EngineRig&) = delete;
  EngineRig& operator=(const EngineRig&) = delete;

  const std::string& engine() const { return engine_; }
  const std::string& folder() const { return folder_; }
  std::string socket() const { return folder_ + "/socket"; }
  /// `paddock WORDS`, with this engine for its backend of that name.
  Command paddock(const std::vector<std::string>& words) const;
  /// The engine's own client. Podman's works on the engine's files, in its namespaces.
  Command client(const std::vector<std::string>& words) const;

 private:
  std::string engine_, folder_;
};

/// A running `paddock run ... sleep` and its container.
struct EngineBox {
  pid_t pid;
  std::string id;                  ///< of the container
  std::vector<std::string> flags;  ///< of a `run` with the same settings
  std::string image;
  std::string json;  ///< what the engine tells of the container
};
EngineBox start_box(const EngineRig& rig);
void end(const EngineBox& box);

/// `run FLAGS OPTIONS --entrypoint PROGRAM IMAGE ARGUMENTS`, by the client.
Command client_run(const EngineRig& rig,
                   const EngineBox& box,
                   const std::vector<std::string>& options,
                   const std::vector<std::string>& command);

}  // namespace paddock::bench
