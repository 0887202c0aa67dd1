// Has an engine hold the image that is wanted: found, pulled or built, and written down.
// [one thread; plugin calls are serial]
#pragma once

#include <string>

#include "image/engine_images.hpp"
#include "image/records.hpp"

namespace paddock::image {

/// When a registry is asked, or a build is run.
enum class Pull { kNever, kMissing, kAlways };

struct Order {
  Wanted wanted;
  Pull pull = Pull::kMissing;
  std::string containerfile = {};  ///< absolute path; empty: it is pulled
  std::string context = {};
};

/// The image by its id, ready to be run. Errors: kImage, and the engine's own.
Result<contract::Image> provide(plugin::Instance& backend,
                                const Order& order,
                                const Records& records,
                                const Watch& watch);

/// Pulls or builds it, whether it is there or not.
Result<contract::Image> bring(plugin::Instance& backend,
                              const Order& order,
                              const Records& records,
                              const Watch& watch);

/// Makes it from a root file system.
Result<contract::Image> bring_import(plugin::Instance& backend,
                                     const Reference& reference,
                                     const std::string& source,
                                     const Records& records,
                                     const Watch& watch);

/// Takes a name away that `records` has, and no other. Errors: kImage for one that is not ours.
Result<void> take_away(plugin::Instance& backend,
                       const std::string& reference,
                       const Records& records);

}  // namespace paddock::image
