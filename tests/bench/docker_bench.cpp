// `paddock run` and `paddock exec` on Docker, proof included, against Docker's own client with the
// same settings.
#include "bench.hpp"
#include "child.hpp"
#include "docker_rival.hpp"

using namespace paddock::bench;

int main() {
  if (!can_rival_docker()) {
    return 0;
  }
  const DockerRig rig;
  const Home home;
  const DockerBox box = start_docker_box();
  Samples ours, theirs;
  sample_pairs_us(
      21,
      [] {
        run({host_program(), "exec", "box", "true"});
      },
      [&] {
        run({"docker", "exec", box.id, "/bin/true"});
      },
      ours, theirs);
  report("paddock exec true, in a container", ours, "us", 0);
  report("docker exec true", theirs, "us", 0);
  report("paddock exec / docker exec", ratios(ours, theirs), "x", 0.7);
  end(box);

  const Command plain = docker_run(box, {"--rm", "--log-driver", "none"}, {"/bin/true"});
  Samples runs, rivals;
  sample_pairs_us(
      21,
      [] {
        run({host_program(), "run", "--quiet", "--backend", "docker", "quickstart", "--",
             "/bin/true"});
      },
      [&] { run(plain); }, runs, rivals);
  report("paddock run --backend docker quickstart -- true", runs, "us", 0);
  report("docker run --rm with the same settings", rivals, "us", 0);
  report("paddock run / docker run", ratios(runs, rivals), "x", 1.0);
  return verdict();
}
