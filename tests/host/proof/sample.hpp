// A plan that asks for every protection, and what a backend says to it.
#pragma once

#include <string>

#include "proof/proof.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {

/// Host directories "work", "docs" and "secret" (with a file each), and a plan that mounts the
/// first two and hides the third, and "work/private".
struct Sample {
  Sample();

  TempDir dir;
  plan::Draft draft;
  contract::PrepareReply prepared;
  contract::ProbeReply backend;
  contract::Sandbox sandbox;

  std::string path(const char* name) const { return (dir / name).string(); }
  proof::Subject subject(pid_t pid) const;
  void require_only(std::vector<std::string> protections) {
    draft.required = std::move(protections);
  }
};

}  // namespace paddock::test
