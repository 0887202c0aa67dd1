// What the image commands share.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "image/provide.hpp"
#include "image/settle.hpp"
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

/// The records made to say what the engines have, where a killed command left them behind. What
/// could not be asked about is added to `problems`.
std::vector<image::Settled> settle_images(const plugin::Registry& registry,
                                          std::vector<Error>& problems);

/// Of a command that went on past problems: 0, or the first with the others.
Result<int> status_of(std::vector<Error> problems);

/// Names that profiles of this user have, each with the profiles.
using NamedImages = std::map<std::string, std::set<std::string>>;
NamedImages named_by_profiles(const plugin::Registry& registry);

/// One line, or one object: what came, and under which name.
void show_image(const contract::Image& image,
                const std::string& reference,
                const std::string& backend,
                const Arguments& arguments);

/// "sha256:" and the first 12 digits.
std::string short_id(const std::string& id);

}  // namespace paddock::cli
