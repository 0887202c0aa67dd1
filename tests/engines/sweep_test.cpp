// Every exchange with an engine spoiled, one a time: paddock is killed there, or the answer is
// wrong. What follows is bounded, told, and leaves nothing behind.
#include <cstdlib>
#include <optional>

#include "engines/proxy.hpp"
#include "engines/verbs.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

using Words = std::vector<std::string>;

/// All of what a verb is allowed, a request's deadline of 60 s included.
constexpr std::chrono::seconds kPatience{100};

/// Whether it says what happened, or went well; a workload runs in the second case alone. A reply
/// that is late is none the worse.
bool is_sound(const Ran& ran, const std::string& verb, const std::string& fault) {
  if (ran.status == 0) {
    return verb != "run" || ran.out == "ran\n";
  }
  const bool told =
      ran.err.find("error[P") != std::string::npos && ran.err.find("engine") != std::string::npos;
  const bool killed = ran.status == 137 && fault.starts_with("kill");
  return killed || (fault != "late" && told && ran.out.find("ran") == std::string::npos);
}

/// Spoils exchange `number` of `verb`; whether there was one. Afterwards nothing is left.
bool is_hit_and_cleared(const TestEngine& engine,
                        const std::string& verb,
                        const std::string& fault,
                        int number) {
  CAPTURE(engine.name, verb, fault, number);
  World world(engine.uid);
  engine.use(world);
  bring_up(world, engine, verb);
  std::optional<Proxy> proxy(std::in_place, engine, world, fault + ":" + std::to_string(number));
  engine.use(world, proxy->path());
  Started started = world.start(words_of(engine, verb));
  CHECK(started.await_exit(kPatience));
  const Ran ran = started.wait();
  CAPTURE(ran.status, ran.out, ran.err);
  const bool hit = proxy->has_hit();
  CHECK((hit || ran.status == 0));
  CHECK(is_sound(ran, verb, fault));
  proxy.reset();
  engine.use(world);
  clear_up(world, engine, verb);
  return hit;
}

void sweep(const std::string& verb, const Words& faults) {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    for (const std::string& fault : faults) {
      for (int number = 1; is_hit_and_cleared(engine, verb, fault, number);) {
        ++number;
      }
    }
  }
}

const Words kDeaths = {"kill", "kill-behind"};
const Words kReplies = {"error", "cut", "garbage", "huge"};

}  // namespace

TEST_CASE("engine: kill -9 of run at every request, then gc: nothing is left", "[engine][fault]") {
  sweep("run", kDeaths);
}

TEST_CASE("engine: kill -9 of stop at every request, then gc: nothing is left", "[engine][fault]") {
  sweep("stop", kDeaths);
}

TEST_CASE("engine: kill -9 of reset at every request, then gc: nothing is left",
          "[engine][fault]") {
  sweep("reset", kDeaths);
}

TEST_CASE("engine: kill -9 of destroy at every request, then gc: nothing is left",
          "[engine][fault]") {
  sweep("destroy", kDeaths);
}

TEST_CASE("engine: kill -9 of clean at every request, then clean: nothing is left",
          "[engine][image][fault]") {
  sweep("clean", kDeaths);
}

TEST_CASE("engine: every reply to run is spoiled, told, and undone", "[engine][fault]") {
  sweep("run", kReplies);
}

TEST_CASE("engine: every reply to stop is spoiled, told, and undone", "[engine][fault]") {
  sweep("stop", kReplies);
}

TEST_CASE("engine: every reply to reset is spoiled, told, and undone", "[engine][fault]") {
  sweep("reset", kReplies);
}

TEST_CASE("engine: every reply to clean is spoiled and told", "[engine][image][fault]") {
  sweep("clean", kReplies);
}

TEST_CASE("engine: every reply to destroy is spoiled, told, and undone", "[engine][fault]") {
  sweep("destroy", kReplies);
}

TEST_CASE("engine: a late reply to run is waited for", "[engine][fault]") {
  sweep("run", {"late"});
}

TEST_CASE("engine: a reply of a byte a second is given up", "[engine][fault]") {
  NEEDS_ENGINES();
  if (std::getenv("PADDOCK_TEST_FULL") != nullptr) {
    sweep("run", {"slow"});
  } else {
    CHECK(is_hit_and_cleared(engines().front(), "run", "slow", 2));
  }
}
