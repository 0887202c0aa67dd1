// Docker's own client as a rival, on a dockerd of the rig's (tests/engines/rig).
//
// The client's flags are taken from a container that paddock made. It has none for the list of
// masked paths; it masks the engine's own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "child.hpp"

namespace paddock::bench {

/// Whether the rig can run here; says why not.
bool can_rival_docker();

/// A dockerd, while this lives; DOCKER_HOST names it.
class DockerRig {
 public:
  DockerRig();
  ~DockerRig();
  DockerRig(const DockerRig&) = delete;
  DockerRig& operator=(const DockerRig&) = delete;
};

/// A running `paddock run ... sleep` and its container.
struct DockerBox {
  pid_t pid;
  std::string id;                  ///< of the container
  std::vector<std::string> flags;  ///< of a `docker run` with the same settings
  std::string image;
};
DockerBox start_docker_box();
void end(const DockerBox& box);

/// `docker run FLAGS OPTIONS --entrypoint PROGRAM IMAGE ARGUMENTS`.
Command docker_run(const DockerBox& box,
                   const std::vector<std::string>& options,
                   const std::vector<std::string>& command);

}  // namespace paddock::bench
