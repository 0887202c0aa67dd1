// paddock help
#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/split.hpp"

namespace paddock::cli {
namespace {

/// A noun such as "profile" may be a topic as well: both are shown.
std::string page_of(const std::string& words) {
  for (const Command& command : commands()) {
    if (command.name == words) {
      return command_page(command);
    }
  }
  const std::string noun = noun_page(commands(), words);
  if (const auto topic = topic_page(words)) {
    return *topic + (noun.empty() ? "" : "\n" + noun);
  }
  return noun.empty() ? code_page(words).value_or("") : noun;
}

Result<int> help(const Arguments& arguments) {
  if (arguments.flag("man")) {
    print(man_page(commands()));
    return 0;
  }
  if (arguments.operands.empty()) {
    print(overview(commands()));
    return 0;
  }
  const std::string words = canonical_name(join(arguments.operands, " "));
  const std::string page = page_of(words);
  if (page.empty()) {
    const auto near = nearest(words, help_words(commands()));
    return fail(ErrorCode::kUnknownCommand, "no help for '" + printable(words) + "'",
                near ? "did you mean '" + *near + "'?" : "see `paddock --help`");
  }
  print(page);
  return 0;
}

}  // namespace

Command help_command() {
  Command command;
  command.name = "help";
  command.group = "OTHER";
  command.summary = "show a page of this manual";
  command.description =
      "Shows the page of a command (`paddock help run`), of a topic (exit-codes, environment, "
      "profile) or "
      "of an error code (P0112). Without an argument it lists the commands.";
  command.operands = {{"WORD", false, true, "help"}};
  command.options = {{"man", 0, "", "the whole manual as a man page, for `man -l -`"}};
  command.examples = {"paddock help run", "paddock help P0112", "paddock help --man | man -l -"};
  command.run = help;
  return command;
}

}  // namespace paddock::cli
