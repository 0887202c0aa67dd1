// A plugin that runs in a child process, seen from the host. [one thread; calls are serial]
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "plugin/instance.hpp"
#include "plugin/sources.hpp"

namespace paddock::plugin {

/// Starts `program __plugin`, hands it the library's descriptor, and creates one instance.
Result<std::unique_ptr<Instance>> open_in_child(const Manifest& manifest,
                                                OpenLibrary library,
                                                std::string_view config_json,
                                                const std::filesystem::path& program);

}  // namespace paddock::plugin
