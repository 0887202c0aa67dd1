// paddock with fault points: PADDOCK_TEST_FAULT=STEP kills it behind that step of a launch,
// PADDOCK_TEST_PAUSE=STEP stops it there for a while, and PADDOCK_TEST_STEPS=FILE gets the name of
// every step that it passes. Built for tests only, and never installed.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "cli/app.hpp"
#include "run/fault.hpp"

namespace paddock::run {
namespace {

void note(const char* step) {
  const char* file = std::getenv("PADDOCK_TEST_STEPS");
  const int fd =
      file == nullptr ? -1 : ::open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd >= 0) {
    const std::string line = std::string(step) + "\n";
    (void)!::write(fd, line.data(), line.size());
    ::close(fd);
  }
}

}  // namespace

void fault_point(const char* step) {
  note(step);
  const char* kill_at = std::getenv("PADDOCK_TEST_FAULT");
  if (kill_at != nullptr && std::strcmp(kill_at, step) == 0) {
    ::kill(::getpid(), SIGKILL);
  }
  const char* pause_at = std::getenv("PADDOCK_TEST_PAUSE");
  if (pause_at != nullptr && std::strcmp(pause_at, step) == 0) {
    (void)!::write(STDOUT_FILENO, "paused\n", 7);
    for (int i = 0; i < 200; ++i) {
      ::usleep(50000);
      if (std::getenv("PADDOCK_TEST_LONG") == nullptr && i >= 20) {
        return;
      }
    }
  }
}

}  // namespace paddock::run

int main(int argc, char** argv) {
  return paddock::cli::run_program(std::vector<std::string>(argv + 1, argv + argc));
}
