// Pages for people, all made from the command table: --help, `paddock help`, the man page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace paddock::cli {

/// `paddock --help`: the commands in their groups, the global options.
std::string overview(const std::vector<Command>& table);

/// `paddock help COMMAND`.
std::string command_page(const Command& command);

/// The verbs of a noun, such as "profile"; empty when there is no such noun.
std::string noun_page(const std::vector<Command>& table, std::string_view noun);

/// A topic's text: "exit-codes", "environment", "profile".
std::optional<std::string> topic_page(std::string_view topic);
std::vector<std::string> topics();

/// Everything but codes that `paddock help` has a page for: topics and commands, hidden ones not.
std::vector<std::string> help_words(const std::vector<Command>& table);

/// "P0112": what the code means and which exit status it gives.
std::optional<std::string> code_page(std::string_view code);

/// The whole as a man page, man(7).
std::string man_page(const std::vector<Command>& table);

/// Breaks paragraphs (separated by empty lines) at `width`, each line indented by `indent`.
/// Lines that begin with two blanks are kept as they are.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 79);

}  // namespace paddock::cli
