// paddock profile approve
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/text.hpp"
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

// Text from the profile on a terminal: everything but line ends made printable.
std::string printable_lines(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += printable(std::string_view(text).substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

// The answer to [y/N]; anything but y or yes is no.
bool confirmed() {
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

Result<void> ask(const std::string& file,
                 const profile::Approval& approval,
                 const Arguments& arguments) {
  const std::string question =
      "'" + file + "' is not yours and gains:\n" + gains_text(approval.gains);
  std::fputs(printable_lines(question).c_str(), stderr);
  if (arguments.yes) {
    return {};
  }
  if (::isatty(STDIN_FILENO) == 0) {
    return fail(ErrorCode::kUnconfirmed, "nobody is there to approve '" + printable(file) + "'",
                "run it in a terminal, or with --yes");
  }
  std::fputs("approve this exact content? [y/N] ", stderr);
  return confirmed() ? Result<void>{} : Result<void>(fail(ErrorCode::kUnconfirmed, "not approved"));
}

Result<int> approve(const Arguments& arguments) {
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  profile::Request request;
  request.profile = arguments.operands.front();
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
      "bytes of every layer and all values. Any later change voids the approval.\n\n"
      "Exit status: 6 when nobody confirms.";
  command.operands = {{"FILE", true, false, "file"}};
  command.examples = {"paddock profile approve .paddock/profile.toml"};
  command.run = approve;
  return command;
}

}  // namespace paddock::cli
