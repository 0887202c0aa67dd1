// paddock worktree list, fetch and remove
#include <unistd.h>

#include <iostream>

#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"
#include "run/worktree.hpp"

namespace paddock::cli {
namespace {

std::filesystem::path here() {
  std::error_code ignored;
  return std::filesystem::current_path(ignored);
}

std::vector<Cell> row(const run::WorktreeStatus& status) {
  return {{status.record.branch},
          {status.in_use    ? "in use"
           : status.changed ? "changed"
                            : "unchanged",
           status.in_use ? Style::kGood : Style::kNone},
          {status.record.base.substr(0, 12)},
          {status.record.folder}};
}

Node node(const run::WorktreeStatus& status) {
  return Node(Node::Table{{"repository", Node(status.record.repository)},
                          {"branch", Node(status.record.branch)},
                          {"base", Node(status.record.base)},
                          {"folder", Node(status.record.folder)},
                          {"in_use", Node(status.in_use)},
                          {"changed", Node(status.changed)}});
}

Result<int> list(const Arguments& arguments) {
  const auto worktrees = run::list_worktrees(here());
  if (!worktrees) {
    return fail_as(worktrees);
  }
  TableView table{{"BRANCH", "STATE", "FROM", "FOLDER"}, {}};
  Node::Array items;
  for (const run::WorktreeStatus& status : *worktrees) {
    table.rows.push_back(row(status));
    items.push_back(node(status));
  }
  if (arguments.json) {
    print_json("paddock.worktree-list/1", {{"worktrees", Node(std::move(items))}});
  } else {
    print(render_table(table, arguments.plain));
  }
  return 0;
}

Result<int> fetch(const Arguments& arguments) {
  const std::string& branch = arguments.operands.front();
  const auto tip = run::fetch_branch(here(), branch);
  if (!tip) {
    return fail_as(tip);
  }
  if (arguments.json) {
    print_json("paddock.worktree-fetch/1", {{"branch", Node(branch)}, {"tip", Node(*tip)}});
  } else {
    print(*tip + "\n");
  }
  return 0;
}

Result<void> confirm(const std::string& branch, const Arguments& arguments) {
  if (arguments.yes) {
    return {};
  }
  if (arguments.no_input || ::isatty(STDIN_FILENO) == 0) {
    return fail(ErrorCode::kUnconfirmed, "nobody is there to confirm that work may be lost",
                "run it in a terminal, or with --yes");
  }
  print_error("remove the worktree of '" + branch + "' with all that was not fetched? [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes"
             ? Result<void>{}
             : Result<void>(fail(ErrorCode::kUnconfirmed, "not confirmed"));
}

Result<int> remove(const Arguments& arguments) {
  const std::string& branch = arguments.operands.front();
  if (auto agreed = confirm(branch, arguments); !agreed) {
    return fail_as(agreed);
  }
  if (auto removed = run::remove_worktree(here(), branch); !removed) {
    return fail_as(removed);
  }
  if (arguments.json) {
    print_json("paddock.worktree-remove/1", {{"branch", Node(branch)}});
  } else if (!arguments.quiet) {
    print(branch + "\n");
  }
  return 0;
}

Command worktree_command(const char* verb) {
  Command command;
  command.name = std::string("worktree ") + verb;
  command.group = "FILES";
  command.operands = {{"BRANCH", true, false, ""}};
  return command;
}

}  // namespace

Command worktree_list_command() {
  Command command = worktree_command("list");
  command.operands = {};
  command.summary = "list the worktrees of this repository";
  command.description =
      "Lists the worktrees that `paddock run --worktree` made for the Git repository of the "
      "current folder: the branch, whether a sandbox uses it, whether anything was done in it, the "
      "commit that it began with, and where it lies. They are clones with a store of their own: "
      "your git does not know them, and none of them reaches another or the repository.\n\n"
      "A clone belongs to the work, its .git too, whose hooks and settings your own git would run: "
      "do not run git in one; fetch its branch.";
  command.examples = {"paddock worktree list"};
  command.run = list;
  return command;
}

Command worktree_fetch_command() {
  Command command = worktree_command("fetch");
  command.summary = "bring a worktree's commits into the repository";
  command.description =
      "Fetches BRANCH from its worktree into the same branch of the Git repository of the current "
      "folder, which is made when it is not there, and prints the commit that it is at. Commits "
      "can "
      "only be added: a branch that went another way is refused, and so is one that is checked "
      "out. What comes is checked and is data: no setting, hook or filter of either side is read "
      "or "
      "run. Look at it before you check it out.";
  command.examples = {"paddock worktree fetch feature/login"};
  command.run = fetch;
  return command;
}

Command worktree_remove_command() {
  Command command = worktree_command("remove");
  command.summary = "remove a worktree with all that was not fetched";
  command.description =
      "Removes the worktree of BRANCH, after a question. The branch in the repository stays as it "
      "is. One that a sandbox uses is refused.\n\nExit status: 6 when nobody confirms.";
  command.examples = {"paddock worktree remove feature/login"};
  command.run = remove;
  return command;
}

}  // namespace paddock::cli
