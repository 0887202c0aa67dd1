// paddock __plugin: the process that a stranger's plugin runs in. Started by paddock alone.
#include "cli/listed.hpp"
#include "plugin/child_server.hpp"

namespace paddock::cli {

Command plugin_child_command() {
  Command command;
  command.name = "__plugin";
  command.summary = "serve one plugin to the paddock that started this process";
  command.run = [](const Arguments&) -> Result<int> { return plugin::serve_child(); };
  return command;
}

}  // namespace paddock::cli
