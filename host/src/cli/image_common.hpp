// What the image commands share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "image/provide.hpp"
#include "plugin/registry.hpp"

namespace paddock::cli {

/// The option that every one of them has.
Option backend_option();

/// An engine that answers, alive for the command.
using EnginePtr = std::unique_ptr<plugin::Instance>;

/// The one that --backend names, else all that have images and answer here, best first. Errors:
/// those of the named one; kBackendMissing where none answers, with each one's reason.
Result<std::vector<EnginePtr>> open_engines(const plugin::Registry& registry,
                                            const Arguments& arguments);
/// The first of them.
Result<EnginePtr> open_engine(const plugin::Registry& registry, const Arguments& arguments);

/// Which names paddock brought.
image::Records open_records();

/// One line, or one object: what came, and under which name.
void show_image(const contract::Image& image,
                const std::string& reference,
                const std::string& backend,
                const Arguments& arguments);

/// "sha256:" and the first 12 digits.
std::string short_id(const std::string& id);

}  // namespace paddock::cli
