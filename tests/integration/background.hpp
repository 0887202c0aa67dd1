// Sandboxes in the background for tests of what becomes of them.
#pragma once

#include <string>
#include <vector>

#include "integration/world.hpp"

namespace paddock::test {

/// `run --detach` of a shell's `script`, named box.
inline Ran detach(const World& world,
                  const std::string& script,
                  std::vector<std::string> options = {}) {
  std::vector<std::string> words{"run", "--detach", "--name", "box"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"quickstart", "--", "sh", "-c", script});
  return world.run(words);
}

/// Until none is left in the list.
inline bool await_ended(const World& world) {
  return eventually([&] { return world.run({"ps", "--plain"}).out.empty(); });
}

/// Whether the list of all says `text`.
inline bool is_listed(const World& world, const std::string& text) {
  return world.run({"ps", "--all", "--plain"}).out.find(text) != std::string::npos;
}

}  // namespace paddock::test
