// Images in the words of Docker's Engine API 1.41, which Podman's copy of it speaks alike.
// [one thread]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/image_messages.hpp"
#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"

namespace paddock::engine {

/// One image, and what it asks for that engines would do without being told to.
struct ImageFacts {
  contract::Image image;
  std::vector<std::string> volumes;  ///< paths inside, sorted
};

/// All; their platforms are not told.
Result<std::vector<contract::Image>> list_images(Engine& engine);

/// `reference` is a name or an id. Nothing when the engine has none.
Result<std::optional<ImageFacts>> find_image(Engine& engine, const std::string& reference);

/// With "sha256:" in front; empty for what is no id.
std::string whole_id(const std::string& id);

}  // namespace paddock::engine
