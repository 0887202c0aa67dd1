#include "cli/help.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "cli/complete.hpp"
#include "cli/output.hpp"
#include "cli/parse.hpp"
#include "cli/remedies.hpp"
#include "cli/split.hpp"
#include "paddock/contract/error_code.hpp"
#include "support/catch.hpp"

using namespace paddock::cli;

namespace {

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) {
    longest = std::max(longest, line.size());
  }
  return longest;
}

std::vector<std::string> words_of(const Completion& completion) {
  std::vector<std::string> words;
  for (const Candidate& candidate : completion.candidates) {
    words.push_back(candidate.word);
  }
  return words;
}

std::vector<std::string> names(std::string_view kind) {
  return kind == "profile"   ? std::vector<std::string>{"agent", "build"}
         : kind == "backend" ? std::vector<std::string>{"bubblewrap"}
         : kind == "color"   ? color_modes()
                             : std::vector<std::string>{};
}

}  // namespace

TEST_CASE("help: every page fits 80 columns and every command has one", "[cli]") {
  CHECK(longest_line(overview(commands())) <= 80);
  for (const Command& command : commands()) {
    CAPTURE(command.name);
    if (command.group.empty()) {
      continue;
    }
    CHECK_FALSE(command.summary.empty());
    CHECK_FALSE(command.description.empty());
    CHECK(overview(commands()).find("  " + command.name) != std::string::npos);
    CHECK(longest_line(command_page(command)) <= 100);
    for (const std::string& example : command.examples) {
      CHECK(example.find("paddock ") != std::string::npos);
    }
  }
  for (const std::string& topic : topics()) {
    CHECK(longest_line(topic_page(topic).value()) <= 80);
  }
}

TEST_CASE("help: no option of a command hides a global one", "[cli]") {
  for (const Command& command : commands()) {
    std::set<std::string> seen;
    for (const Option& global : global_options()) {
      seen.insert(global.name);
      if (global.letter != 0) {
        seen.insert(std::string(1, global.letter));
      }
    }
    for (const Option& option : command.options) {
      CAPTURE(command.name, option.name);
      CHECK(seen.insert(option.name).second);
      CHECK((option.letter == 0 || seen.insert(std::string(1, option.letter)).second));
      CHECK_FALSE(option.help.empty());
      CHECK(option.help.back() != '.');
    }
  }
}

TEST_CASE("help: every error code has a page", "[cli]") {
  CHECK(code_page("P0112").value() ==
        "P0112: a key that no table declares\n\n  class        usage or profile error\n"
        "  exit status  2; run and exec: 125, see `paddock help exit-codes`\n\n"
        "Correct the key's spelling or its table; `paddock profile schema` lists all\n"
        "keys.\n");
  for (const auto& info : paddock::kErrorCodes) {
    char text[8];
    std::snprintf(text, sizeof text, "P%04u", static_cast<unsigned>(info.code));
    CHECK(code_page(text).has_value());
    CHECK(remedy(info.code).size() > 10);
  }
  CHECK_FALSE(code_page("P9999").has_value());
}

TEST_CASE("help: the man page names every command", "[cli]") {
  const std::string page = man_page(commands());
  CHECK(page.rfind(".TH PADDOCK 1", 0) == 0);
  for (const Command& command : commands()) {
    CHECK((command.group.empty() || page.find(".SS paddock " + command.name) != std::string::npos));
  }
}

TEST_CASE("completion: commands, verbs, options, operands, then files", "[cli]") {
  const auto at = [](const std::vector<std::string>& words) {
    return complete(words, commands(), names);
  };
  CHECK(words_of(at({"ru"})) == std::vector<std::string>{"run"});
  CHECK(words_of(at({"run", ""})) == std::vector<std::string>{"agent", "build"});
  CHECK(words_of(at({"run", "b"})) == std::vector<std::string>{"build"});
  CHECK(words_of(at({"run", "--led"})) == std::vector<std::string>{"--ledger"});
  CHECK(at({"run", "build", ""}).files);
  CHECK(at({"run", "build", "--", "x", ""}).files);
  const auto verbs = words_of(at({"profile", "s"}));
  CHECK(std::find(verbs.begin(), verbs.end(), "show") != verbs.end());
  CHECK(words_of(at({"__"})).empty());
}

TEST_CASE("completion: values of options, attached or not, global ones too", "[cli]") {
  const auto at = [](const std::vector<std::string>& words) {
    return words_of(complete(words, commands(), names));
  };
  using Words = std::vector<std::string>;
  CHECK(at({"run", "--backend", "bub"}) == Words{"bubblewrap"});
  CHECK(at({"run", "--backend=bub"}) == Words{"--backend=bubblewrap"});
  CHECK(at({"run", "--color", ""}) == Words{"auto", "always", "never"});
  CHECK(at({"--color", "a"}) == Words{"auto", "always"});
  CHECK(at({"run", "--color=n"}) == Words{"--color=never"});
  CHECK(at({"--color=n"}) == Words{"--color=never"});
}

TEST_CASE("completion: help offers pages word by word, and no hidden command", "[cli]") {
  const auto at = [](const std::vector<std::string>& words) {
    return words_of(complete(words, commands(), names));
  };
  using Words = std::vector<std::string>;
  const Words pages = at({"help", ""});
  for (const char* page : {"run", "profile", "plugin", "exit-codes"}) {
    CHECK(std::count(pages.begin(), pages.end(), page) == 1);
  }
  CHECK(std::none_of(pages.begin(), pages.end(),
                     [](const std::string& page) { return page.rfind("__", 0) == 0; }));
  CHECK(at({"help", "__"}).empty());
  CHECK(at({"help", "plugin", ""}) == Words{"info", "list"});
  CHECK(at({"help", "run", ""}).empty());
}

TEST_CASE("help: the usage line says whether a command must follow", "[cli]") {
  const auto usage = [](const std::string& name) {
    for (const Command& command : commands()) {
      if (command.name == name) {
        return usage_line(command);
      }
    }
    return std::string();
  };
  CHECK(usage("run") == "paddock run [OPTIONS] [PROFILE] [--] [COMMAND...]");
  CHECK(usage("exec") == "paddock exec NAME [--] COMMAND...");
}

TEST_CASE("output: tables align by what is seen, and control characters are shown", "[cli]") {
  set_color_mode("never");
  const TableView table{{"A", "B"},
                        {{{"x\x1b[31m", Style::kNone}, {"1", Style::kNone}},
                         {{"yy", Style::kNone}, {"2", Style::kNone}}}};
  CHECK(render_table(table, false) == "A          B\nx\\x1b[31m  1\nyy         2\n");
  CHECK(render_table(table, true) == "x\\x1b[31m\t1\nyy\t2\n");
}
