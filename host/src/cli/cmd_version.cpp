// paddock version
#include "cli/app.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "paddock/plugin.h"

namespace paddock::cli {
namespace {

Result<int> version(const Arguments& arguments) {
  const std::string line = kVersionLine;
  const std::string number = line.substr(8, line.size() - 9);
  print(arguments.json ? R"({"schema":"paddock.version/1","version":")" + number + R"(","abi":")" +
                             std::to_string(PADDOCK_ABI_MAJOR) + "." +
                             std::to_string(PADDOCK_ABI_MINOR) + "\"}\n"
                       : line);
  return 0;
}

}  // namespace

Command version_command() {
  Command command;
  command.name = "version";
  command.group = "OTHER";
  command.summary = "show the version";
  command.description =
      "Shows the version of paddock; with --json also the plugin ABI that it speaks.";
  command.run = version;
  return command;
}

}  // namespace paddock::cli
