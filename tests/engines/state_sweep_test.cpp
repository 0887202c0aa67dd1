// kill -9 of paddock as it changes its own files, verb by verb: the next verb finds the old state
// or the new, and nothing is left. Every such call with --full, else one of a few.
#include <array>
#include <cstdlib>

#include "engines/verbs.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

/// System calls by which paddock changes files, or orders what it does to them.
constexpr std::array kChanging = {"mkdir",  "rename",   "renameat2", "rmdir",
                                  "unlink", "unlinkat", "pwrite64",  "write",
                                  "fsync",  "flock",    "ftruncate"};

/// Between the calls that are tried: a launch on the first engine is gone through in any case.
int stride_of(const TestEngine& engine, const std::string& verb) {
  const bool full = std::getenv("PADDOCK_TEST_FULL") != nullptr;
  return full || (verb == "run" && engine.name == "docker") ? 1 : 5;
}

/// Kills paddock, or the process that it leaves with a sandbox, as it makes its `n`th such call;
/// whether it came so far. The tracer stays with what is left, so it gets none of our pipes.
bool is_killed_at(World& world,
                  const std::vector<std::string>& words,
                  const std::string& call,
                  int n) {
  std::vector<std::string> traced = world.argv(words);
  traced.insert(traced.begin(), {"-c", "exec strace -D -f -qq -o /dev/null \"$@\" >/dev/null 2>&1",
                                 "strace", "-e", "trace=" + call, "-e",
                                 "inject=" + call + ":signal=KILL:when=" + std::to_string(n)});
  world.program = "/bin/sh";
  const int status = world.run(traced).status;
  world.program.reset();
  // Where it was the other one, paddock tells that it is gone.
  CHECK((status == 0 || status == 137 || status == 125));
  return status != 0;
}

bool is_killed_and_cleared(const TestEngine& engine,
                           const std::string& verb,
                           const char* call,
                           int n) {
  CAPTURE(engine.name, verb, call, n);
  World world(engine.uid);
  engine.use(world);
  bring_up(world, engine, verb);
  const bool killed = is_killed_at(world, words_of(engine, verb), call, n);
  clear_up(world, engine, verb);
  return killed;
}

void sweep(const std::string& verb) {
  NEEDS_ENGINES();
  if (!can_trace()) {
    PADDOCK_SKIP("strace cannot trace here");
  }
  int kills = 0;
  int turn = 0;
  for (const TestEngine& engine : engines()) {
    const int stride = stride_of(engine, verb);
    for (const char* call : kChanging) {
      if (turn++ % stride != 0) {
        continue;
      }
      for (int n = 1; is_killed_and_cleared(engine, verb, call, n); n += stride) {
        ++kills;
      }
    }
  }
  WARN(verb << ": " << kills << " kills");
  CHECK(kills > 0);
}

}  // namespace

TEST_CASE("engine: kill -9 of run as it changes its files, then gc: nothing is left",
          "[engine][fault]") {
  sweep("run");
}

TEST_CASE("engine: kill -9 of stop as it changes its files, then gc: nothing is left",
          "[engine][fault]") {
  sweep("stop");
}

TEST_CASE("engine: kill -9 of reset as it changes its files, then gc: nothing is left",
          "[engine][fault]") {
  sweep("reset");
}

TEST_CASE("engine: kill -9 of destroy as it changes its files, then gc: nothing is left",
          "[engine][fault]") {
  sweep("destroy");
}

TEST_CASE("engine: kill -9 of clean as it changes its files, then clean: nothing is left",
          "[engine][image][fault]") {
  sweep("clean");
}
