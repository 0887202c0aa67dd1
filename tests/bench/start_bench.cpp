// `paddock --version` against an empty static program: what starting paddock costs.
#include "bench.hpp"
#include "child.hpp"

using namespace paddock::bench;

int main() {
  const Home home;
  Samples version, empty;
  sample_pairs_us(
      201,
      [] {
        run({host_program(), "--version"});
      },
      [] { run({PADDOCK_BENCH_EMPTY}); }, version, empty);
  report("paddock --version", version, "us", 0);
  report("empty static program", empty, "us", 0);
  report("paddock --version / empty static program", ratios(version, empty), "x", 2);
  return verdict();
}
