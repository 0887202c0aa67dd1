#include "cli/bars.hpp"

#include "support/catch.hpp"

using namespace paddock::cli;

namespace {

using Values = std::deque<std::optional<std::uint64_t>>;

}  // namespace

TEST_CASE("bars: a bar is filled by its share, and a little is never nothing", "[cli]") {
  CHECK(bar(50, 100, 10, true) == "#####-----");
  CHECK(bar(0, 100, 4, true) == "----");
  CHECK(bar(1, 1000000, 4, true) == "#---");
  CHECK(bar(300, 100, 4, true) == "####");
  CHECK(bar(UINT64_MAX, UINT64_MAX, 4, false) == "████");
  CHECK(bar(std::nullopt, 100, 4, true) == "....");
  CHECK(bar(5, std::nullopt, 4, true) == "....");
  CHECK(bar(5, 0, 4, true) == "....");
}

TEST_CASE("bars: a sparkline shows the last values, and blanks for unknown ones", "[cli]") {
  CHECK(sparkline(Values{0, 50, std::nullopt, 100}, 100, 10, true) == "_- #");
  CHECK(sparkline(Values{1, 2, 3, 4}, 0, 2, false) == "▆█");
  CHECK(sparkline(Values{0, 0}, 0, 5, true) == "__");
  CHECK(sparkline({}, 0, 5, true).empty());
}

TEST_CASE("bars: sizes are short", "[cli]") {
  CHECK(short_size(0) == "0 B");
  CHECK(short_size(999) == "999 B");
  CHECK(short_size(1536) == "1.5 KiB");
  CHECK(short_size(512ULL << 20) == "512 MiB");
  CHECK(short_size(1000ULL << 20) == "1.0 GiB");
}
