// What the profile commands share: the context with plugins, and words for trust.
#pragma once

#include <string>

#include "base/node.hpp"
#include "cli/command.hpp"
#include "paddock/contract/result.hpp"
#include "profile/profile.hpp"

namespace paddock::cli {

/// The profile context of this process with the options of all installed plugins.
Result<profile::Context> profile_context();

/// The profile that a command line names: its first operand, or without one the project's own
/// file, found from the current folder upwards. Errors: kUnknownProfile and others of
/// profile::find_project.
Result<std::string> profile_operand(const Arguments& arguments);

/// "shipped", "yours", "approved", "not yours".
std::string trust_word(profile::Trust trust);

/// Prints `table` as one JSON object with that "schema".
void print_json(const std::string& schema, Node::Table table);

}  // namespace paddock::cli
