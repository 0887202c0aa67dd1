// The only user of Boost.Program_options; its exceptions end here.
#include "cli/parse.hpp"

#include <algorithm>

#include <boost/program_options.hpp>

#include "base/text.hpp"

namespace paddock::cli {

namespace po = boost::program_options;

bool Arguments::flag(std::string_view name) const {
  return options.find(name) != options.end();
}

std::string Arguments::value(std::string_view name, std::string fallback) const {
  const auto found = options.find(name);
  return found == options.end() || found->second.empty() ? std::move(fallback)
                                                         : found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::vector<std::string>{} : found->second;
}

std::string usage_line(const Command& command) {
  std::string line = "paddock " + command.name;
  line += command.options.empty() ? "" : " [OPTIONS]";
  for (const Operand& operand : command.operands) {
    const std::string name = operand.name + (operand.repeated ? "..." : "");
    line += operand.required ? " " + name : " [" + name + "]";
  }
  switch (command.tail) {
    case Tail::kOptional:
      return line + " [--] [COMMAND...]";
    case Tail::kRequired:
      return line + " [--] COMMAND...";
    case Tail::kNone:
      break;
  }
  return line;
}

namespace {

constexpr const char* kOperand = "operand";

po::options_description describe(const Command& command) {
  po::options_description description;
  for (const Option& option : command.options) {
    if (option.operand.empty()) {
      description.add_options()(option.name.c_str(), option.help.c_str());
    } else {
      description.add_options()(option.name.c_str(),
                                po::value<std::vector<std::string>>()->composing(),
                                option.help.c_str());
    }
  }
  description.add_options()(kOperand, po::value<std::vector<std::string>>());
  return description;
}

/// Style: nothing is guessed from a prefix.
po::parsed_options parse_words(const Command& command, const std::vector<std::string>& words) {
  const auto description = describe(command);
  po::positional_options_description positional;
  positional.add(kOperand, -1);
  return po::command_line_parser(words)
      .options(description)
      .positional(positional)
      .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
      .run();
}

Failure wrong_usage(const Command& command, std::string what) {
  return fail(ErrorCode::kUsage, std::move(what), "usage: " + usage_line(command));
}

const Option& option_of(const Command& command, const std::string& name) {
  return *std::find_if(command.options.begin(), command.options.end(),
                       [&](const Option& option) { return option.name == name; });
}

Result<void> collect(const Command& command,
                     const po::parsed_options& parsed,
                     Arguments& arguments) {
  for (const po::option& item : parsed.options) {
    if (item.string_key == kOperand) {
      arguments.operands.push_back(item.value.at(0));
      continue;
    }
    const bool again = arguments.options.count(item.string_key) != 0;
    if (again && !option_of(command, item.string_key).repeatable) {
      return wrong_usage(command, "option '--" + item.string_key + "' is given twice");
    }
    auto& values = arguments.options[item.string_key];
    values.insert(values.end(), item.value.begin(), item.value.end());
  }
  return {};
}

Result<void> check_operands(const Command& command, const Arguments& arguments) {
  std::size_t required = 0;
  bool repeated = false;
  for (const Operand& operand : command.operands) {
    required += operand.required ? 1 : 0;
    repeated = repeated || operand.repeated;
  }
  if (arguments.operands.size() < required) {
    return wrong_usage(command, "'paddock " + command.name + "' needs " +
                                    command.operands[arguments.operands.size()].name);
  }
  if (command.tail == Tail::kRequired && arguments.command.empty()) {
    return wrong_usage(command, "'paddock " + command.name + "' needs COMMAND");
  }
  if (!repeated && arguments.operands.size() > command.operands.size()) {
    return wrong_usage(command, "unexpected '" +
                                    printable(arguments.operands[command.operands.size()]) +
                                    "' after 'paddock " + command.name + "'");
  }
  return {};
}

void take_globals(const Split& split, Arguments& arguments) {
  for (const std::string& name : split.globals) {
    arguments.json = arguments.json || name == "json";
    arguments.plain = arguments.plain || name == "plain";
    arguments.yes = arguments.yes || name == "yes";
    arguments.no_input = arguments.no_input || name == "no-input";
    arguments.quiet = arguments.quiet || name == "quiet";
    arguments.verbose += name == "verbose" ? 1 : 0;
  }
}

}  // namespace

Result<Arguments> parse(const Split& split) {
  const Command& command = *split.command;
  Arguments arguments;
  take_globals(split, arguments);
  try {
    const auto parsed = parse_words(command, split.words);
    if (auto done = collect(command, parsed, arguments); !done) {
      return fail_as(done);
    }
  } catch (const po::error& error) {
    return wrong_usage(command, error.what());
  }
  auto& rest = command.takes_command() ? arguments.command : arguments.operands;
  rest.insert(rest.end(), split.tail.begin(), split.tail.end());
  if (auto done = check_operands(command, arguments); !done) {
    return fail_as(done);
  }
  return arguments;
}

}  // namespace paddock::cli
