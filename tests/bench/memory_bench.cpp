// Peak resident memory of the host process and of the gate during a launch (VmHWM).
#include <signal.h>

#include "bench.hpp"
#include "child.hpp"

using namespace paddock::bench;

int main() {
  const Home home;
  Samples host, gate;
  for (int round = 0; round < 5; ++round) {
    const pid_t pid =
        start({host_program(), "run", "--quiet", "quickstart", "--", "/bin/sleep", "60"});
    // Released and running: the peak of everything before lies behind both.
    const auto sleeper = await_descendant(pid, "sleep");
    const auto waiting = await_descendant(pid, "gate");
    if (!sleeper || !waiting) {
      note("the sandbox did not come up: run the command by hand");
      return 2;
    }
    host.push_back(peak_memory_mb(pid));
    gate.push_back(peak_memory_mb(*waiting));
    kill(pid, SIGTERM);
    wait_for(pid);
  }
  report("peak memory of the host process in a launch", host, "MB", 30);
  report("peak memory of the gate", gate, "MB", 1);
  return verdict();
}
