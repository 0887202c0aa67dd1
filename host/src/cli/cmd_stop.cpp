// paddock stop
#include <charconv>

#include "base/node.hpp"
#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "run/stop.hpp"

namespace paddock::cli {
namespace {

constexpr std::int64_t kLongestGrace = 3600;

Result<std::chrono::milliseconds> grace_of(const Arguments& arguments) {
  const std::string text = arguments.value("grace", "10");
  std::int64_t seconds = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 ||
      seconds > kLongestGrace) {
    return fail(ErrorCode::kUsage,
                "option '--grace' takes 0 to 3600 seconds, not '" + printable(text) + "'");
  }
  return std::chrono::milliseconds(seconds * 1000);
}

Result<int> stop(const Arguments& arguments) {
  const auto grace = grace_of(arguments);
  if (!grace) {
    return fail_as(grace);
  }
  const auto store = open_store();
  Node::Array stopped;
  std::optional<Error> first;  // one that cannot be stopped keeps no other running
  for (const std::string& name : arguments.operands) {
    auto done = run::stop(store, name, *grace);
    if (done) {
      stopped.emplace_back(name);
    } else if (first) {
      first->others.push_back(done.error());
    } else {
      first = done.error();
    }
    if (done && !arguments.json && !arguments.quiet) {
      print(name + "\n");
    }
  }
  if (arguments.json) {
    print(to_json(Node(Node::Table{{"schema", Node(std::string("paddock.stop/1"))},
                                   {"stopped", Node(std::move(stopped))}})) +
          "\n");
  }
  return first ? Failure(std::move(*first)) : Result<int>(0);
}

}  // namespace

Command stop_command() {
  Command command;
  command.name = "stop";
  command.group = "CHANGE";
  command.summary = "end running sandboxes";
  command.description =
      "Sends SIGTERM to the command of each sandbox NAME, kills what is left after the grace, and "
      "returns "
      "when nothing of the sandbox is left. Folders of the workspace stay as they are.";
  command.operands = {{"NAME", true, true, "sandbox"}};
  command.options = {{"grace", 'g', "SECONDS", "time to end before it is killed [10]"}};
  command.examples = {"paddock stop claude", "paddock stop --grace 0 claude"};
  command.run = stop;
  return command;
}

}  // namespace paddock::cli
