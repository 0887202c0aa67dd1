#include "os/task.hpp"

#include <pthread.h>
#include <unistd.h>

#include <string>

#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace)

TEST_CASE("task: its result is there when it is waited for, and stays", "[os]") {
  os::Task<std::string> task([] { return std::string("done"); });
  CHECK(task.wait() == "done");
  CHECK(std::move(task.wait()) == "done");
}

TEST_CASE("task: nobody has to wait for it", "[os]") {
  bool worked = false;
  {
    const os::Task<int> task([&] { return worked = true, 0; });
  }
  CHECK(worked);
}

TEST_CASE("task: signals stay the main thread's", "[os]") {
  os::Task<bool> blocked([] {
    sigset_t now;
    return ::pthread_sigmask(SIG_SETMASK, nullptr, &now) == 0 && sigismember(&now, SIGINT) == 1 &&
           sigismember(&now, SIGTERM) == 1;
  });
  CHECK(blocked.wait());
  sigset_t here;
  REQUIRE(::pthread_sigmask(SIG_SETMASK, nullptr, &here) == 0);
  CHECK(sigismember(&here, SIGINT) == 0);
}

TEST_CASE("task: its thread lives as long as it does", "[os]") {
  os::Task<pid_t> task([] { return ::gettid(); });
  const std::string thread = "/proc/self/task/" + std::to_string(task.wait());
  CHECK(::access(thread.c_str(), F_OK) == 0);
}
