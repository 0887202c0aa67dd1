// What happens to a command when nobody can take what it prints, and to words that look like ours.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <regex>
#include <set>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

void full_output() {
  ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
}

}  // namespace

TEST_CASE("output: a full disk is an error of its own", "[integration][error]") {
  World world;
  CHECK(world.run({"profile", "list"}).status == 0);
  world.in_child = full_output;
  const Ran ran = world.run({"profile", "list"});
  CHECK(ran.status == 1);
  CHECK(ran.err ==
        "paddock: error[P0701]: cannot write standard output: No space left on device\n");
}

TEST_CASE("output: stop ends all that it was given, whoever reads, whatever fails",
          "[integration]") {
  NEEDS_SANDBOXES();
  World world;
  std::vector<Started> boxes;
  for (const char* name : {"a", "b"}) {
    boxes.push_back(world.start({"run", "--name", name, "quickstart", "--", "sleep", "1000"}));
    REQUIRE(world.await_running(name));
  }
  world.in_child = full_output;
  const Ran ran = world.run({"stop", "--grace", "0", "nosuch", "a", "b"});
  world.in_child = nullptr;
  CHECK(ran.status == 5);
  CHECK(ran.err.find("no sandbox named 'nosuch'") != std::string::npos);
  CHECK(world.run({"ps", "--plain"}).out.empty());
  for (Started& box : boxes) {
    CHECK(box.wait().status > 128);
  }
}

TEST_CASE("output: the command's own --json is not ours", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const Ran text = world.run({"run", "quickstart", "no-such-command", "--json"});
  CHECK(text.status == 127);
  CHECK(text.err.find("paddock: error[P0705]") != std::string::npos);
  const Ran json = world.run({"run", "--json", "quickstart", "no-such-command"});
  CHECK(json.status == 127);
  CHECK(json.err.find("{\"schema\":\"paddock.error/1\"") != std::string::npos);
}

TEST_CASE("output: a noun, an alias and a code in small letters have help", "[integration]") {
  const World world;
  const Ran noun = world.run({"profile", "--help"});
  CHECK(noun.status == 0);
  CHECK(noun.out.find("profile validate") != std::string::npos);
  CHECK(world.run({"help", "launch"}).out == world.run({"help", "run"}).out);
  CHECK(world.run({"help", "p0705"}).out ==
        "P0705: the command does not exist in the sandbox\n\n"
        "  class        the command is not found\n  exit status  127\n\n"
        "Give the path inside the sandbox, or add its folder to PATH in [process.env].\n");
}

TEST_CASE("output: a relative state directory is refused", "[integration][error]") {
  World world;
  world.environment["PADDOCK_STATE_DIR"] = "state";
  const Ran ran = world.run({"ps"});
  CHECK(ran.status == 2);
  CHECK(ran.err == "paddock: error[P0001]: PADDOCK_STATE_DIR is no absolute path: 'state'\n");
}

TEST_CASE("output: a current folder that is gone is named, and hinders no other command",
          "[integration][error]") {
  World world;
  world.in_child = [] {
    ::mkdir("gone", 0700);
    (void)!::chdir("gone");
    ::rmdir("../gone");
  };
  for (const char* command : {"run", "plan"}) {
    const Ran ran = world.run({command, "quickstart"});
    CHECK(ran.status == (std::string(command) == "run" ? 125 : 2));
    CHECK(ran.err ==
          "paddock: error[P0134]: the current folder does not exist any more, or cannot be "
          "reached\n"
          "  hint: change to the folder of the project\n");
  }
  CHECK(world.run({"ps"}).status == 0);
}

TEST_CASE("output: -vv logs each call of a plugin and how long it took", "[integration]") {
  NEEDS_SANDBOXES();
  const World world;
  const auto calls = [&](const char* verbosity) {
    const Ran ran = world.run({verbosity, "run", "quickstart", "--", "true"});
    CHECK(ran.status == 0);
    CHECK(ran.out.empty());
    std::set<std::string> found;
    const std::regex line("paddock: debug: plugin '([a-z-]+)': '([a-z]+)' took [0-9]+ us\n");
    for (std::sregex_iterator at(ran.err.begin(), ran.err.end(), line), end; at != end; ++at) {
      found.insert((*at)[1].str() + " " + (*at)[2].str());
    }
    return found;
  };
  const auto all = calls("-vv");
  for (const char* call : {"bubblewrap load", "bubblewrap probe", "bubblewrap prepare",
                           "bubblewrap create", "bubblewrap remove", "baseline adjust"}) {
    CAPTURE(call);
    CHECK(all.count(call) == 1);
  }
  CHECK(calls("-v").empty());
}

TEST_CASE("output: bash completes a value after the equals sign", "[integration]") {
  const World world;
  // As readline calls it: words are split at the equals sign, and only the last is replaced.
  const auto completed = [&](const std::string& line, const std::string& words) {
    const std::string program = world.argv({}).front();
    const std::string script = "source <('" + program + "' completion bash)\n" + "COMP_WORDS=('" +
                               program + "' " + words + ")\n" + "COMP_LINE='" + program + line +
                               "'\n" + "COMP_POINT=${#COMP_LINE}\n" +
                               "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n" +
                               "_paddock\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    world.write(world.root() / "complete.sh", script);
    const Ran ran = world.outside("exec bash '" + (world.root() / "complete.sh").string() + "'");
    INFO(ran.err);
    return ran.out;
  };
  CHECK(completed(" run --backend=bub", "run --backend = bub") == "bubblewrap\n");
  CHECK(completed(" run --color=", "run --color =") == "auto\nalways\nnever\n");
  CHECK(completed(" run --color ", "run --color ''") == "auto\nalways\nnever\n");
  CHECK(completed(" run -s a=b --led", "run -s a = b --led") == "--ledger\n");
  CHECK(completed(" run --backend bub", "run --backend bub") == "bubblewrap\n");
}
