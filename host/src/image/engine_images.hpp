// What a backend's engine has, and what it brings: its words, checked before anybody acts on them.
// [one thread; plugin calls are serial]
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/image_reference.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plugin/instance.hpp"

namespace paddock::image {

/// Told how far the work is, from a thread of its own; at last, from the caller's, of the phase
/// "end", whatever came of it.
using Watch = std::function<void(const contract::ImageProgress&)>;

/// What must be true of an image.
struct Wanted {
  Reference reference;
  std::string platform;  ///< empty: any
};

/// All that the engine has. Errors: kUnsupported for a backend without images.
Result<std::vector<contract::Image>> list(plugin::Instance& backend);

/// What `reference`, "NAME:TAG" or "NAME@sha256:...", leads to; nothing when the engine lacks it.
Result<std::optional<contract::Image>> find(plugin::Instance& backend,
                                            const std::string& reference);

/// The image that is wanted, where the engine has it: by its digest first, else by its tag. Errors:
/// kImage where what is there has another digest, and nothing could bring the right one, or
/// another platform.
Result<std::optional<contract::Image>> find_wanted(plugin::Instance& backend, const Wanted& wanted);

/// Whether `image` is what is wanted. Errors: kImage.
Result<void> check(const contract::Image& image, const Wanted& wanted);

// Each ends when the user interrupts; nothing that has a name is left then.

Result<contract::Image> pull(plugin::Instance& backend, const Wanted& wanted, const Watch& watch);
/// The error of one that fails holds its last lines.
Result<contract::Image> build(plugin::Instance& backend,
                              const Wanted& wanted,
                              const std::string& containerfile,
                              const std::string& context,
                              const Watch& watch);
Result<contract::Image> import(plugin::Instance& backend,
                               const Reference& reference,
                               const std::string& source,
                               const Watch& watch);
/// Takes the name away where it leads to `id`.
Result<void> remove(plugin::Instance& backend, const std::string& reference, const std::string& id);

}  // namespace paddock::image
