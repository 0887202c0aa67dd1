#include "cli/store.hpp"

#include "os/paths.hpp"
#include "run/heal.hpp"

namespace paddock::cli {

run::Store open_store() {
  run::Store store(os::user_paths().state);
  run::heal_quietly(store);
  return store;
}

}  // namespace paddock::cli
