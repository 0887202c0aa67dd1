// Finishing or undoing what dead runs left. Nothing is touched but what a journal under our own
// state directory names, and that through the backend that journaled it. [main thread]
#pragma once

#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "run/state.hpp"

namespace paddock::run {

struct Healed {
  std::string name;
  std::string instance;
  std::string backend;
  std::optional<Error> error;  ///< not cleared; the journal stays
};

/// One line for each sandbox that nobody owned any more; usually none.
Result<std::vector<Healed>> heal(const Store& store);

/// The same, with problems logged as warnings: what every other verb does first.
void heal_quietly(const Store& store);

}  // namespace paddock::run
