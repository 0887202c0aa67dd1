// `paddock run`, proof included, against plain `bwrap` with the same restrictions.
//
// The rival's flags are not written here: capture.cpp takes them from a real launch, so that they
// cannot drift apart. Left out is what hands over to the gate; limits that bwrap knows nothing of
// (cgroups, rlimits) are paddock's alone, at paddock's cost.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "bench.hpp"
#include "child.hpp"

using namespace paddock::bench;

namespace {

// Options with a descriptor that only paddock's side of a launch needs.
const std::set<std::string> kChannels = {"--info-fd", "--json-status-fd", "--sync-fd", "--block-fd",
                                         "--userns-block-fd"};

// What bwrap was told, with the files that it was given.
Command without_handover(const std::filesystem::path& captured) {
  std::ifstream file(captured / "arguments", std::ios::binary);
  Command plain{PADDOCK_BENCH_BWRAP};
  for (std::string word; std::getline(file, word, '\0');) {
    if (kChannels.count(word) != 0) {
      std::getline(file, word, '\0');
      continue;
    }
    plain.argv.push_back(word);
    if (word == "--file") {
      std::getline(file, word, '\0');
      plain.argv.push_back(word);
      plain.files[std::stoi(word)] = captured / ("file-" + word);
    }
  }
  plain.argv.insert(plain.argv.end(), {"--", "/bin/true"});
  return plain;
}

// One launch with the stand-in first in PATH.
Command rival(const Command& launch) {
  const auto captured = std::filesystem::current_path().parent_path() / "cache";
  std::filesystem::copy(PADDOCK_BENCH_CAPTURE, captured / "bwrap");
  const std::string path = std::getenv("PATH");
  setenv("PATH", (captured.string() + ":" + path).c_str(), 1);
  run(launch);
  setenv("PATH", path.c_str(), 1);
  return without_handover(captured);
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
  const Command launch = {host_program(), "run", "--quiet", "quickstart", "--", "/bin/true"};
  const Command plain = rival(launch);
  if (argc > 1 && std::string(argv[1]) == "--show") {
    for (const std::string& word : plain.argv) {
      note(word);
    }
  }
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
