// paddock volume rm
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/volumes.hpp"

namespace paddock::cli {
namespace {

/// What is in a volume is gone for good: its name has to be typed.
Result<void> confirm(const run::Volume& volume, const Arguments& arguments) {
  if (arguments.yes) {
    return {};
  }
  if (arguments.no_input || ::isatty(STDIN_FILENO) == 0) {
    return fail(ErrorCode::kUnconfirmed,
                "nobody is there to confirm that volume '" + volume.name + "' is to go",
                "run it in a terminal, or with --yes");
  }
  const std::string question = "volume '" + volume.name + "' of " + volume.backend.id +
                               " goes, with all that is in it; type its name: ";
  std::fputs(question.c_str(), stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == volume.name
             ? Result<void>{}
             : Result<void>(fail(ErrorCode::kUnconfirmed, "not confirmed: nothing was removed"));
}

Result<int> remove(const Arguments& arguments) {
  const auto store = open_store();
  const auto volumes = run::VolumeStore::of_user();
  const std::string backend = arguments.value("backend");
  std::vector<run::Volume> found;
  for (const std::string& name : arguments.operands) {
    auto volume = run::find_volume(volumes, name, backend);
    if (!volume) {
      return fail_as(volume);
    }
    if (auto confirmed = confirm(*volume, arguments); !confirmed) {
      return fail_as(confirmed);
    }
    found.push_back(std::move(*volume));
  }
  Node::Array removed;
  for (const run::Volume& volume : found) {
    if (auto done = run::remove_volume(volumes, store, volume); !done) {
      return fail_as(done);
    }
    removed.emplace_back(volume.name);
    print(arguments.json || arguments.quiet ? "" : volume.name + "\n");
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.volume-rm/1"))},
                                   {"removed", Node(std::move(removed))}})) +
          "\n");
  }
  return 0;
}

}  // namespace

Command volume_rm_command() {
  Command command;
  command.name = "volume rm";
  command.group = "CHANGE";
  command.summary = "remove named volumes and what is in them";
  command.description =
      "Removes each volume NAME for good, once its name is typed or with --yes. One that a sandbox "
      "uses is refused, and so is what paddock did not make: volumes of an engine that this user's "
      "records do not name are never touched.\n\n"
      "Exit status: 5 when there is none of that name, 6 when nobody confirms.";
  command.operands = {{"NAME", true, true, "volume"}};
  command.options = {
      {"backend", 'b', "ID", "whose volume, where several backends have one", false, "backend"}};
  command.examples = {"paddock volume rm pip-cache",
                      "paddock volume rm --yes --backend docker data"};
  command.run = remove;
  return command;
}

}  // namespace paddock::cli
