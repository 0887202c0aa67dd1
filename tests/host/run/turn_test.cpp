#include "run/turn.hpp"

#include <filesystem>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {
namespace {

/// Gives up at the `times`th look.
auto after(int times) {
  return [left = times]() mutable { return left-- <= 0; };
}

}  // namespace

TEST_CASE("turn: so many of a backend at once, and one more when one is done", "[run]") {
  const TempDir dir;
  const auto take = [&](const char* backend, int looks) {
    auto turn = run::take_turn(dir / "turns", backend, 2, after(looks));
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
  const auto turn = run::take_turn(dir / "turns", "a", 2, after(1));
  REQUIRE_FALSE(turn);
  CHECK(turn.error().what.find((dir / "turns").string()) != std::string::npos);
}

TEST_CASE("turn: there are two at the least", "[run]") {
  CHECK(run::turns_at_once() >= 2);
}

}  // namespace paddock::test
