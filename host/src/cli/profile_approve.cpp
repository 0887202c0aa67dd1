// paddock profile approve
#include "cli/confirm.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"
#include "profile/problems.hpp"

namespace paddock::cli {
namespace {

// What the unapproved profile is refused, one by one.
std::string gains_text(const std::vector<Error>& gains) {
  std::string out;
  for (const Error& gain : gains) {
    out += "  " + profile::place_text(*gain.where) + ": " + gain.what + "\n";
    for (const std::string& line : gain.context) {
      out += "    " + line + "\n";
    }
  }
  return out;
}

Node gains_json(const std::vector<Error>& gains) {
  Node::Array items;
  for (const Error& gain : gains) {
    Node::Array context;
    for (const std::string& line : gain.context) {
      context.emplace_back(line);
    }
    items.emplace_back(Node::Table{{"from", Node(profile::place_text(*gain.where))},
                                   {"what", Node(gain.what)},
                                   {"context", Node(std::move(context))}});
  }
  return Node(std::move(items));
}

Result<void> ask(const std::string& file,
                 const profile::Approval& approval,
                 const Arguments& arguments) {
  return confirm("'" + file + "' is not yours and gains:\n" + gains_text(approval.gains),
                 "approve this exact content?", arguments);
}

Result<int> approve(const Arguments& arguments) {
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  const auto name = profile_operand(arguments);
  if (!name) {
    return fail_as(name);
  }
  profile::Request request;
  request.profile = *name;
  const auto approval = profile::prepare_approval(request, *context);
  if (!approval) {
    return fail_as(approval);
  }
  if (approval->gains.empty()) {
    print(arguments.json ? "" : "nothing to approve: '" + request.profile + "' loads as it is\n");
  } else if (auto answer = ask(request.profile, *approval, arguments); !answer) {
    return fail_as(answer);
  } else if (auto done = profile::record_approval(*approval, *context); !done) {
    return fail_as(done);
  } else if (!arguments.json) {
    print("approved " + approval->digest + "\n");
  }
  if (arguments.json) {
    print_json("paddock.profile-approve/1", {{"file", Node(request.profile)},
                                             {"needed", Node(!approval->gains.empty())},
                                             {"gains", gains_json(approval->gains)},
                                             {"digest", Node(approval->digest)}});
  }
  return 0;
}

}  // namespace

Command profile_approve_command() {
  Command command;
  command.name = "profile approve";
  command.group = "SET UP";
  command.summary = "let a profile that is not yours ask for more";
  command.description =
      "A profile found in a repository may only tighten what it extends. This command shows what "
      "FILE would gain, asks, and records the digest of the fully resolved profile: its place, the "
      "bytes of every layer, and all values with the defaults of paddock and of the plugins that "
      "it "
      "names. Any later change voids the approval. Without FILE it is the project's own, "
      "`.paddock/profile.toml`, found from the current folder upwards.\n\n"
      "Exit status: 6 when nobody confirms.";
  command.operands = {{"FILE", false, false, "file"}};
  command.examples = {"paddock profile approve", "paddock profile approve ./sandbox.toml"};
  command.run = approve;
  return command;
}

}  // namespace paddock::cli
