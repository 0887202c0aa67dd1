#include "cli/split.hpp"

#include "base/render.hpp"
#include "cli/parse.hpp"
#include "support/catch.hpp"

using paddock::render;
using paddock::cli::Arguments;
using paddock::cli::Command;
using paddock::cli::parse;
using paddock::cli::split;
using paddock::cli::Tail;
using Words = std::vector<std::string>;

namespace {

const std::vector<Command>& table() {
  static const std::vector<Command> commands = [] {
    Command run;
    run.name = "run";
    run.operands = {{"PROFILE"}};
    run.tail = Tail::kOptional;
    run.options = {
        {"name", 'n', "NAME", ""}, {"set", 's', "KEY=VALUE", "", true}, {"ledger", 'l', "", ""}};
    Command exec;
    exec.name = "exec";
    exec.operands = {{"NAME"}};
    exec.tail = Tail::kRequired;
    Command list;
    list.name = "profile list";
    list.operands = {{"PREFIX", false}};
    Command show;
    show.name = "profile show";
    show.operands = {{"NAME"}};
    Command stop;
    stop.name = "stop";
    stop.operands = {{"NAME", true, true}};
    std::vector<Command> all{run, exec, list, show, stop};
    for (Command& command : all) {
      command.group = "WORK";
    }
    all.emplace_back().name = "__hidden";
    return all;
  }();
  return commands;
}

Arguments understood(const Words& words) {
  const auto parts = split(words, table());
  REQUIRE(parts);
  REQUIRE(parts->command != nullptr);
  auto arguments = parse(*parts);
  REQUIRE(arguments);
  return *arguments;
}

std::string refused(const Words& words) {
  const auto parts = split(words, table());
  if (!parts) {
    return render(parts.error());
  }
  const auto arguments = parse(*parts);
  REQUIRE_FALSE(arguments);
  return render(arguments.error());
}

}  // namespace

TEST_CASE("split: a command is what follows the operand, verbatim", "[cli]") {
  const auto plain = understood({"run", "web", "ls", "-la", "--json", "--", "x"});
  CHECK(plain.operands == Words{"web"});
  CHECK(plain.command == Words{"ls", "-la", "--json", "--", "x"});
  CHECK_FALSE(plain.json);
  const auto dashes = understood({"run", "web", "--json", "--", "-v", "--", "y"});
  CHECK(dashes.command == Words{"-v", "--", "y"});
  CHECK(dashes.json);
  CHECK(understood({"run", "web"}).command.empty());
  CHECK(understood({"run", "web", "--"}).command.empty());
}

TEST_CASE("split: options stand before the command in any form", "[cli]") {
  for (const Words& words :
       {Words{"run", "--name", "x", "web", "true"}, Words{"run", "--name=x", "web", "true"},
        Words{"run", "-n", "x", "web", "true"}, Words{"run", "-nx", "web", "true"},
        Words{"run", "web", "-n", "x", "true"}, Words{"run", "-lnx", "web", "true"}}) {
    const auto arguments = understood(words);
    CHECK(arguments.value("name") == "x");
    CHECK(arguments.command == Words{"true"});
  }
  const auto sets = understood({"run", "-s", "a=1", "--set=b=2", "--set", "-c=3", "web"});
  CHECK(sets.values("set") == Words{"a=1", "b=2", "-c=3"});
}

TEST_CASE("split: global options stand before or after the command, not after --", "[cli]") {
  const auto arguments =
      understood({"-v", "--json", "stop", "-v", "--yes", "box", "--", "--plain"});
  CHECK(arguments.verbose == 2);
  CHECK(arguments.json);
  CHECK(arguments.yes);
  CHECK_FALSE(arguments.plain);
  CHECK(arguments.operands == Words{"box", "--plain"});
  CHECK(understood({"stop", "-vv", "box"}).verbose == 2);
  const auto color = split({"stop", "--color", "never", "box"}, table());
  REQUIRE(color);
  CHECK(color->color == "never");
}

TEST_CASE("split: a noun needs its verb", "[cli][error]") {
  CHECK(understood({"profile", "list"}).operands.empty());
  CHECK(understood({"profile", "-v", "show", "web"}).operands == Words{"web"});
  CHECK(refused({"profile"}) ==
        "paddock: error[P0002]: 'paddock profile' needs a command after it\n  hint: valid: list, "
        "show\n");
  CHECK(refused({"profile", "lst"}) ==
        "paddock: error[P0002]: unknown command 'profile lst'\n  hint: did you mean 'list'?\n");
}

TEST_CASE("split: unknown words are named with the nearest, never guessed", "[cli][error]") {
  CHECK(refused({"rum"}) ==
        "paddock: error[P0002]: unknown command 'rum'\n  hint: did you mean 'run'?\n");
  CHECK(refused({"xyzzy"}) ==
        "paddock: error[P0002]: unknown command 'xyzzy'\n  hint: see `paddock --help`\n");
  CHECK(refused({"run", "--nam", "x", "web"}) ==
        "paddock: error[P0003]: unknown option '--nam' for 'paddock run'\n  hint: did you mean "
        "'--name'?\n");
  CHECK(refused({"--jso", "stop"}) ==
        "paddock: error[P0003]: unknown option '--jso' for 'paddock'\n  hint: did you mean "
        "'--json'?\n");
  CHECK(refused({"run", "-x", "web"}) ==
        "paddock: error[P0003]: unknown option '-x' for 'paddock run'\n  hint: see `paddock run "
        "--help`\n");
}

TEST_CASE("parse: operands and values are counted", "[cli][error]") {
  CHECK(refused({"run"}) ==
        "paddock: error[P0001]: 'paddock run' needs PROFILE\n"
        "  hint: usage: paddock run [OPTIONS] PROFILE [--] [COMMAND...]\n");
  CHECK(refused({"profile", "show", "a", "b"}) ==
        "paddock: error[P0001]: unexpected 'b' after 'paddock profile show'\n"
        "  hint: usage: paddock profile show NAME\n");
  CHECK(refused({"run", "--name", "a", "--name", "b", "web"}) ==
        "paddock: error[P0001]: option '--name' is given twice\n"
        "  hint: usage: paddock run [OPTIONS] PROFILE [--] [COMMAND...]\n");
  CHECK(refused({"run", "--name"}) ==
        "paddock: error[P0001]: option '--name' needs a value\n  hint: write --name NAME\n");
  CHECK(refused({"run", "--name", "--", "web"}) ==
        "paddock: error[P0001]: option '--name' needs a value\n  hint: write --name NAME\n");
  for (const Words& words : {Words{"run", "--name", "", "web"}, Words{"run", "--name=", "web"},
                             Words{"run", "-n", "", "web"}}) {
    CHECK(refused(words) ==
          "paddock: error[P0001]: option '--name' needs a value\n  hint: write --name NAME\n");
  }
  CHECK(refused({"run", "--ledger=yes", "web"}) ==
        "paddock: error[P0001]: option '--ledger' takes no value\n");
  CHECK(understood({"run", "web"}).command.empty());
  for (const Words& words : {Words{"exec", "box"}, Words{"exec", "box", "--"}}) {
    CHECK(refused(words) ==
          "paddock: error[P0001]: 'paddock exec' needs COMMAND\n"
          "  hint: usage: paddock exec NAME [--] COMMAND...\n");
  }
  CHECK(understood({"stop", "a", "b", "c"}).operands == Words{"a", "b", "c"});
}

TEST_CASE("split: what was understood of a wrong line is known", "[cli][error]") {
  paddock::cli::Split seen;
  REQUIRE_FALSE(split({"--json", "run", "--bad", "web", "--plain"}, table(), &seen));
  REQUIRE(seen.command != nullptr);
  CHECK(seen.command->name == "run");
  CHECK(seen.globals == Words{"json"});
}

TEST_CASE("split: a noun alone may ask for help", "[cli]") {
  const auto parts = split({"profile", "--help"}, table());
  REQUIRE(parts);
  CHECK(parts->command == nullptr);
  CHECK(parts->noun == "profile");
}

TEST_CASE("split: hidden commands are not suggested", "[cli][error]") {
  CHECK(refused({"__hiddn"}) ==
        "paddock: error[P0002]: unknown command '__hiddn'\n  hint: see `paddock --help`\n");
}
