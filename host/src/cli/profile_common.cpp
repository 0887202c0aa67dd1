#include "cli/profile_common.hpp"

#include "cli/output.hpp"
#include "profile/project.hpp"
#include "run/plugins.hpp"

namespace paddock::cli {

Result<profile::Context> profile_context() {
  const auto registry = run::open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  return run::context_with(*registry);
}

Result<std::string> profile_operand(const Arguments& arguments) {
  return arguments.operands.empty() ? profile::find_project(profile::current_context())
                                    : arguments.operands.front();
}

std::string trust_word(profile::Trust trust) {
  switch (trust) {
    case profile::Trust::kShipped:
      return "shipped";
    case profile::Trust::kUser:
      return "yours";
    case profile::Trust::kApproved:
      return "approved";
    case profile::Trust::kForeign:
      return "not yours";
  }
  return "not yours";
}

void print_json(const std::string& schema, Node::Table table) {
  table.emplace("schema", Node(schema));
  print(to_json(Node(std::move(table))) + "\n");
}

}  // namespace paddock::cli
