// What a Containerfile is built on, as far as a reader can tell. Pure; [any thread].
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace paddock::engine {

/// Repositories of the images that FROM, COPY --from and RUN --mount=from name, each once, with the
/// registry's host in front: "docker.io/library/debian". Variables have the values of the ARG
/// lines. Left out: stages of its own, and what no registry can have.
std::vector<std::string> base_repositories(std::string_view containerfile);

}  // namespace paddock::engine
