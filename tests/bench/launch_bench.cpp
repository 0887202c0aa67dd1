// `paddock run`, proof included, against plain `bwrap` with the same restrictions.
//
// The rival's flags are not written here: they are read from the command line of the bwrap that a
// real launch started, less what hands over to the gate, so that they cannot drift apart. Files
// that paddock passes by descriptor are given to the rival from copies, taken from inside.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "bench.hpp"
#include "child.hpp"

using namespace paddock::bench;

namespace {

// Options whose operand is a descriptor that only paddock's side of the launch needs.
const std::set<std::string> kChannels = {"--info-fd", "--json-status-fd", "--sync-fd", "--block-fd",
                                         "--userns-block-fd"};
// Options that take a descriptor's content and a target inside.
const std::set<std::string> kFiles = {"--file", "--bind-data", "--ro-bind-data"};

// A copy of the sandbox's file `target`, named after the descriptor that it stands for.
std::string copy_of(pid_t inside, const std::string& target, const std::string& number) {
  const std::string copy = std::filesystem::current_path().string() + "/../state/file-" + number;
  std::ifstream from("/proc/" + std::to_string(inside) + "/root" + target, std::ios::binary);
  std::ofstream(copy, std::ios::binary) << from.rdbuf();
  return copy;
}

// What a launch told bwrap, up to the gate.
Command plain_bwrap(pid_t bwrap, pid_t inside) {
  const std::vector<std::string> words = arguments_of(bwrap);
  const auto gate = std::find_if(words.rbegin(), words.rend(), [](const std::string& word) {
    return word.find("paddock-gate") != std::string::npos;
  });
  const auto end = static_cast<std::size_t>(words.rend() - gate) - 1;
  Command plain({});
  for (std::size_t i = 0; i < end; ++i) {
    if (kChannels.count(words[i]) != 0) {
      ++i;
    } else if (words[i] != "--") {
      plain.argv.push_back(words[i]);
    }
    if (kFiles.count(words[i]) != 0) {
      plain.files[std::stoi(words[i + 1])] = copy_of(inside, words[i + 2], words[i + 1]);
    }
  }
  plain.argv.push_back("/bin/true");
  return plain;
}

Command rival() {
  const pid_t pid = start({host_program(), "run", "quickstart", "--", "/bin/sleep", "60"});
  const auto sleeper = await_descendant(pid, "sleep");
  const auto bwrap = await_descendant(pid, "bwrap");
  if (!sleeper || !bwrap) {
    note("the sandbox did not come up: run the command by hand");
    _exit(2);
  }
  Command command = plain_bwrap(*bwrap, *sleeper);
  kill(pid, SIGTERM);
  wait_for(pid);
  return command;
}

void note_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    note(line);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Home home;
  const Command plain = rival();
  if (argc > 1 && std::string(argv[1]) == "--show") {
    for (const std::string& word : plain.argv) {
      note(word);
    }
  }
  const Command launch = {host_program(), "run", "quickstart", "--", "/bin/true"};
  Samples ours, theirs;
  sample_pairs_us(
      101, [&] { run(launch); }, [&] { run(plain); }, ours, theirs);
  report("paddock run quickstart -- true", ours, "us", 0);
  report("plain bwrap with the same flags", theirs, "us", 0);
  report("paddock run / plain bwrap", ratios(ours, theirs), "x", 1.6);
  note("phases of one launch (paddock run --timings):");
  note_lines(output_of(
      {"/bin/sh", "-c", "exec \"$0\" run --timings quickstart -- /bin/true 2>&1", host_program()}));
  return verdict();
}
