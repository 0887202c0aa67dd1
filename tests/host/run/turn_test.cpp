#include "run/turn.hpp"

#include <chrono>
#include <filesystem>
#include <vector>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {
namespace {

/// Gives up at the `times`th look.
auto after(int times) {
  return [left = times]() mutable { return left-- <= 0; };
}

const auto kUntold = [] {};

}  // namespace

TEST_CASE("turn: so many of a backend at once, and one more when one is done", "[run]") {
  const TempDir dir;
  const auto take = [&](const char* backend, int looks) {
    auto turn = run::take_turn(dir / "turns", backend, 2, after(looks), kUntold);
    REQUIRE(turn);
    return std::move(*turn);
  };
  auto first = take("a", 1);
  const auto second = take("a", 1);
  CHECK(first);
  CHECK(second);
  CHECK_FALSE(take("a", 3));
  CHECK(take("b", 1));
  first.reset();
  CHECK(take("a", 1));
}

TEST_CASE("turn: a folder that others may write to is an error", "[run][error]") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "turns");
  std::filesystem::permissions(dir / "turns", std::filesystem::perms::all);
  const auto turn = run::take_turn(dir / "turns", "a", 2, after(1), kUntold);
  REQUIRE_FALSE(turn);
  CHECK(turn.error().what.find((dir / "turns").string()) != std::string::npos);
}

TEST_CASE("turn: who waits long is told so once", "[run]") {
  using Clock = std::chrono::steady_clock;
  const TempDir dir;
  const auto held = run::take_turn(dir / "turns", "a", 1, after(1), kUntold);
  REQUIRE((held && *held));
  const auto begin = Clock::now();
  std::vector<Clock::duration> told;
  const auto waited = run::take_turn(
      dir / "turns", "a", 1, [&] { return Clock::now() - begin > std::chrono::seconds(3); },
      [&] { told.push_back(Clock::now() - begin); });
  REQUIRE(waited);
  CHECK_FALSE(*waited);
  REQUIRE(told.size() == 1);
  CHECK(told.front() >= std::chrono::seconds(1));
  std::size_t calls = 0;
  CHECK_FALSE(*run::take_turn(dir / "turns", "a", 1, after(5), [&] { ++calls; }));
  CHECK(calls == 0);
}

TEST_CASE("turn: there are two at the least", "[run]") {
  CHECK(run::turns_at_once() >= 2);
}

}  // namespace paddock::test
