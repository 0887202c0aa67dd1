// `paddock run`, proof included, against plain `bwrap` with the same restrictions.
//
// The rival's flags are not written here: capture.cpp takes them from a real launch, so that they
// cannot drift apart. Left out is what hands over to the gate; added is what paddock mounts over
// kernel paths by itself, once bwrap has built the rest. Limits that bwrap knows nothing of
// (cgroups, rlimits) are paddock's alone, at paddock's cost.
#include <unistd.h>

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
    if (word == "--bind-fd" || word == "--ro-bind-fd") {  // the folder by its name
      plain.argv.push_back(word.substr(0, word.size() - 3));
      std::getline(file, word, '\0');
      plain.argv.push_back(std::filesystem::read_symlink(captured / ("folder-" + word)));
      continue;
    }
    plain.argv.push_back(word);
    if (word == "--file") {
      std::getline(file, word, '\0');
      plain.argv.push_back(word);
      plain.files[std::stoi(word)] = captured / ("file-" + word);
    }
  }
  return plain;
}

// The same cover over kernel paths, by bwrap's own flags: of /proc what a real sandbox shows there.
// What bwrap covers of itself (sys, bus, irq) it does only once.
void cover_kernel_paths(Command& plain, const std::filesystem::path& captured) {
  std::filesystem::create_directory(captured / "void");
  std::ofstream(captured / "empty").flush();
  std::istringstream mounts(output_of(
      {host_program(), "run", "--quiet", "quickstart", "--", "cat", "/proc/self/mountinfo"}));
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string id, parent, device, root, target;
    words >> id >> parent >> device >> root >> target;
    const std::set<std::string> own = {"/sys", "/bus", "/irq"};
    if (target.rfind("/proc/", 0) != 0 || own.count(root) != 0) {
      continue;
    }
    const auto name = std::filesystem::path(root).filename();
    const bool cover = name == "void" || name == "empty";
    plain.argv.insert(plain.argv.end(),
                      {"--ro-bind", cover ? (captured / name).string() : target, target});
  }
}

// One launch that finds the stand-in first, in a mount namespace that ends with it.
Command rival(const Command& launch) {
  const auto captured = std::filesystem::current_path().parent_path() / "cache";
  std::filesystem::copy(PADDOCK_BENCH_CAPTURE, captured / "bwrap");
  // What paddock reads in bwrap's file before it runs it, it finds behind the stand-in's own bytes.
  std::ofstream(captured / "bwrap", std::ios::binary | std::ios::app)
      << std::ifstream(PADDOCK_BENCH_BWRAP, std::ios::binary).rdbuf();
  std::vector<std::string> argv = {
      "unshare",        "--mount", "sh", "-c", "mount --bind \"$0\" /usr/local/bin && exec \"$@\"",
      captured.string()};
  argv.insert(argv.end(), launch.argv.begin(), launch.argv.end());
  run(argv);
  Command plain = without_handover(captured);
  cover_kernel_paths(plain, captured);
  plain.argv.insert(plain.argv.end(), {"--", "/bin/true"});
  return plain;
}

void note_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    note(line);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (geteuid() != 0) {
    note("skipped: taking down what bwrap is told needs a mount, and so root");
    return 0;
  }
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
  report("plain bwrap with the same restrictions", theirs, "us", 0);
  report("paddock run / plain bwrap", ratios(ours, theirs), "x", 1.6);
  note("phases of one launch (paddock run --timings):");
  note_lines(output_of(
      {"/bin/sh", "-c", "exec \"$0\" run --timings quickstart -- /bin/true 2>&1", host_program()}));
  return verdict();
}
