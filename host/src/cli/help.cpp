#include "cli/help.hpp"

#include <algorithm>

#include "cli/output.hpp"
#include "cli/parse.hpp"
#include "cli/split.hpp"

namespace paddock::cli {
namespace {

std::string heading(std::string_view text) {
  return styled(text, Style::kBold) + "\n";
}

std::string option_head(const Option& option) {
  std::string head = option.letter == 0 ? "    " : std::string("-") + option.letter + ", ";
  return head + "--" + option.name + (option.operand.empty() ? "" : " " + option.operand);
}

/// Two columns; a head that is too long gets a line of its own.
std::string definition(const std::string& head, std::string_view text, std::size_t column) {
  std::string body = wrap(text, column);
  if (head.size() + 4 > column) {
    return "  " + head + "\n" + body;
  }
  body.replace(0, 2 + head.size(), "  " + head);
  return body;
}

std::string option_list(const std::vector<Option>& options) {
  std::size_t column = 0;
  for (const Option& option : options) {
    column = std::max(column, std::min<std::size_t>(option_head(option).size() + 4, 28));
  }
  std::string out;
  for (const Option& option : options) {
    out += definition(option_head(option), option.help, column);
  }
  return out;
}

std::string command_list(const std::vector<Command>& table, const std::string& group) {
  std::string out;
  for (const Command& command : table) {
    if (command.group == group) {
      out += definition(command.name, command.summary, 20);
    }
  }
  return out;
}

std::vector<std::string> groups(const std::vector<Command>& table) {
  std::vector<std::string> names;
  for (const Command& command : table) {
    if (!command.group.empty() &&
        std::find(names.begin(), names.end(), command.group) == names.end()) {
      names.push_back(command.group);
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> help_words(const std::vector<Command>& table) {
  std::vector<std::string> words = topics();
  for (const Command& command : table) {
    if (!command.group.empty()) {  // else it is hidden
      words.push_back(command.name);
    }
  }
  return words;
}

std::string overview(const std::vector<Command>& table) {
  std::string out =
      "paddock launches work that you do not trust in a sandbox that a TOML profile\n"
      "describes, and proves that the sandbox is what the profile says before the\n"
      "work's first instruction runs.\n\n" +
      heading("USAGE") + "  paddock [GLOBAL OPTIONS] COMMAND [ARGUMENTS]\n\n";
  for (const std::string& group : groups(table)) {
    out += heading(group) + command_list(table, group) + "\n";
  }
  out += heading("GLOBAL OPTIONS") + option_list(global_options()) + "\n";
  out += "`paddock help COMMAND` shows a command's page, `paddock help TOPIC` a topic's:\n  ";
  for (const std::string& topic : topics()) {
    out += topic + ", ";
  }
  return out + "or an error code such as P0112.\n";
}

std::string command_page(const Command& command) {
  std::string out = "paddock " + command.name + " - " + command.summary + "\n\n";
  out += heading("USAGE") + "  " + usage_line(command) + "\n\n";
  out += heading("DESCRIPTION") + wrap(command.description, 2) + "\n";
  if (!command.options.empty()) {
    out += heading("OPTIONS") + option_list(command.options) + "\n";
  }
  out += heading("GLOBAL OPTIONS") + option_list(global_options());
  if (!command.examples.empty()) {
    out += "\n" + heading("EXAMPLES");
    for (const std::string& example : command.examples) {
      out += "  " + example + "\n";
    }
  }
  return out;
}

std::string noun_page(const std::vector<Command>& table, std::string_view noun) {
  std::string out;
  for (const Command& command : table) {
    if (command.name.compare(0, noun.size() + 1, std::string(noun) + " ") == 0) {
      out += definition(command.name, command.summary, 20);
    }
  }
  return out.empty() ? out : heading("COMMANDS") + out;
}

}  // namespace paddock::cli
