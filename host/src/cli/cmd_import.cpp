// paddock import and share
#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/carry.hpp"

namespace paddock::cli {
namespace {

using Carry = Result<std::vector<std::string>> (*)(const run::Store&, const run::CarryOrder&);

Result<int> carry(const Arguments& arguments, Carry act, const std::string& schema) {
  run::CarryOrder order{arguments.operands.front(),
                        {arguments.operands.begin() + 1, arguments.operands.end()},
                        arguments.flag("force")};
  const auto paths = act(open_store(), order);
  if (!paths) {
    return fail_as(paths);
  }
  Node::Array list;
  for (const std::string& path : *paths) {
    list.emplace_back(path);
    if (!arguments.json && !arguments.quiet) {
      print(printable(path) + "\n");
    }
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(schema)},
                                   {"name", Node(order.sandbox)},
                                   {"files", Node(std::move(list))}})) +
          "\n");
  }
  return 0;
}

Command carry_command(const char* name) {
  Command command;
  command.name = name;
  command.group = "FILES";
  command.operands = {{"NAME", true, false, "record"}, {"FILE", true, true, "file"}};
  command.options = {{"force", 'f', "", "replace files of the same name"}};
  return command;
}

constexpr const char* kHow =
    "Each appears whole or not at all, belongs to you (inside: to the sandbox's user), keeps its "
    "mode but for bits that give rights, and replaces nothing without --force. All are looked at "
    "before the first is copied: links, also those on the way to a file, folders and devices are "
    "refused.";

}  // namespace

Command import_command() {
  Command command = carry_command("import");
  command.summary = "hand files in, to be read only";
  command.description =
      std::string(
          "Copies each FILE into the folder `imports` of sandbox NAME, which the work "
          "may read and not change, and prints its path inside. ") +
      kHow +
      "\n\nThe profile must have that folder: `imports = \"ro\"` under [workspace.folders], as the "
      "profile `default` has. A running sandbox sees the files at once.";
  command.examples = {"paddock import claude ~/Downloads/specification.pdf"};
  command.run = [](const Arguments& arguments) {
    return carry(arguments, run::import_files, "paddock.import/1");
  };
  return command;
}

Command share_command() {
  Command command = carry_command("share");
  command.summary = "put files where you and the work both write";
  command.description =
      std::string(
          "Copies each FILE into the folder `shared` of sandbox NAME, which the work may "
          "change, and prints its path inside. ") +
      kHow +
      "\n\nThe profile must have that folder: `shared = \"rw\"` under [workspace.folders], as the "
      "profile `default` has.";
  command.examples = {"paddock share claude notes.md"};
  command.run = [](const Arguments& arguments) {
    return carry(arguments, run::share_files, "paddock.share/1");
  };
  return command;
}

}  // namespace paddock::cli
