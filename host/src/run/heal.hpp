// Finishing or undoing what dead runs left. Nothing is touched but what a journal under our own
// state directory names, and that through the backend that journaled it. [main thread]
#pragma once

#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "run/state.hpp"

namespace paddock::run {

/// One sandbox that nobody owned any more.
struct Healed {
  std::string name;
  std::string instance;
  std::string backend;
  bool cleared = false;        ///< else the journal stays
  std::optional<Error> error;  ///< what could not be done
};

/// How often a hardener is asked to release what it attached. One that fails kOnce is left alone,
/// with its journal, until somebody asks for it; kAgain asks once more and then gives up: the
/// failure is told and the journal ends.
enum class Patience { kOnce, kAgain };

/// Usually none. With `only`, that sandbox at the most.
Result<std::vector<Healed>> heal(const Store& store,
                                 Patience patience,
                                 const std::string& only = {});

/// Once, with problems logged as warnings: what every other verb does first.
void heal_quietly(const Store& store);

}  // namespace paddock::run
