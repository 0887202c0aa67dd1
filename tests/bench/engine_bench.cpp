// usage: engine-bench docker|podman
// `paddock run`, cold and from a warm sandbox, and `paddock exec`, proof included, against the
// engine's own client with the same settings.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bench.hpp"
#include "child.hpp"
#include "engine_rival.hpp"

using namespace paddock::bench;

namespace {

constexpr int kRounds = 21;

struct Limits {
  double run, warm, exec;  ///< 0: none
};

void compare_exec(const EngineRig& rig, const EngineBox& box, double limit) {
  const Command mine = rig.paddock({"exec", "box", "true"});
  const Command rival = rig.client({"exec", box.id, "/bin/true"});
  Samples ours, theirs;
  sample_pairs_us(
      kRounds, [&] { run(mine); }, [&] { run(rival); }, ours, theirs);
  report("paddock exec true, in a container", ours, "us", 0);
  report(rig.engine() + " exec true", theirs, "us", 0);
  report("paddock exec / " + rig.engine() + " exec", ratios(ours, theirs), "x", limit);
}

void compare_run(const EngineRig& rig, const Command& rival, double limit) {
  const Command mine =
      rig.paddock({"run", "--quiet", "--backend", rig.engine(), "quickstart", "--", "/bin/true"});
  Samples ours, theirs;
  sample_pairs_us(
      kRounds, [&] { run(mine); }, [&] { run(rival); }, ours, theirs);
  report("paddock run --backend " + rig.engine() + " quickstart -- true", ours, "us", 0);
  report(rig.engine() + " run --rm with the same settings", theirs, "us", 0);
  report("paddock run / " + rig.engine() + " run", ratios(ours, theirs), "x", limit);
}

void write_warm_profile(const std::string& engine) {
  const std::filesystem::path folder =
      std::filesystem::path(std::getenv("XDG_CONFIG_HOME")) / "paddock/profiles";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "ready.toml")
      << "schema_version = 1\nextends = [\"quickstart\"]\n[backend]\nprefer = [\"" << engine
      << "\"]\nwarm = 1\n";
}

/// Until one waits again, and what made it has settled.
void await_warm(const EngineRig& rig) {
  while (output_of(rig.paddock({"ps"})).find("warm") == std::string::npos) {
    ::usleep(20000);
  }
  ::usleep(200000);
}

void compare_warm(const EngineRig& rig, const Command& rival, double limit) {
  write_warm_profile(rig.engine());
  run(rig.paddock({"warm", "ready"}));
  const Command mine = rig.paddock({"run", "--quiet", "ready", "--", "/bin/true"});
  Samples ours, theirs;
  for (int round = 0; round < kRounds; ++round) {
    await_warm(rig);
    theirs.push_back(time_us([&] { run(rival); }));
    ours.push_back(time_us([&] { run(mine); }));
  }
  await_warm(rig);
  const std::string listed = output_of(rig.paddock({"ps", "--plain"}));
  run(rig.paddock({"stop", listed.substr(0, listed.find('\t'))}));
  report("paddock run from a warm sandbox of " + rig.engine(), ours, "us", 0);
  report("warm paddock run / " + rig.engine() + " run", ratios(ours, theirs), "x", limit);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string engine = argc == 2 ? argv[1] : "docker";
  if (!can_rival(engine)) {
    return 0;
  }
  const Limits limits = engine == "docker" ? Limits{1.0, 0.1, 0.7} : Limits{0.9, 0, 0.7};
  const EngineRig rig(engine);
  const Home home;
  const EngineBox box = start_box(rig);
  compare_exec(rig, box, limits.exec);
  end(box);
  const Command rival = client_run(rig, box, {"--rm", "--log-driver", "none"}, {"/bin/true"});
  compare_run(rig, rival, limits.run);
  compare_warm(rig, rival, limits.warm);
  return verdict();
}
