// What can be wrong with a sandbox, each in one way: the proof has to name it.
#pragma once

#include <functional>
#include <vector>

#include "host/proof/bwrap_sandbox.hpp"

namespace paddock::test {

/// One thing that is wrong: with bwrap's options, with what the gate is told, or with what the
/// backend says of it.
struct Breakage {
  const char* name;
  const char* protection;  ///< must fail
  std::function<void(BwrapOptions&, Sample&)> options;
  std::function<void(contract::Plan&)> gate = nullptr;  ///< what the gate is configured by
  bool as_root = false;                                 ///< only root can break it so
};

const std::vector<Breakage>& breakages();

}  // namespace paddock::test
