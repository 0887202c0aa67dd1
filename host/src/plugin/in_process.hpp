// A plugin that runs in this process. [main thread; calls are serial]
#pragma once

#include <memory>
#include <string_view>

#include "plugin/instance.hpp"
#include "plugin/sources.hpp"

namespace paddock::plugin {

/// Loads the library and creates one instance from a contract Config.
Result<std::unique_ptr<Instance>> open_in_process(const Manifest& manifest,
                                                  OpenLibrary library,
                                                  std::string_view config_json);

}  // namespace paddock::plugin
