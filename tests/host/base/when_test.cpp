#include "base/when.hpp"

#include "support/catch.hpp"

using namespace paddock;
using namespace std::chrono;

namespace {

const system_clock::time_point kNow = sys_days{2026y / 11 / 27} + 17h;

system_clock::time_point when(std::string_view text) {
  const auto time = parse_when(text, kNow);
  INFO(text);
  REQUIRE(time);
  return *time;
}

}  // namespace

TEST_CASE("when: how long ago", "[when]") {
  CHECK(when("0s") == kNow);
  CHECK(when("90s") == kNow - 90s);
  CHECK(when("10m") == kNow - 10min);
  CHECK(when("2h") == kNow - 2h);
  CHECK(when("3d") == kNow - 72h);
}

TEST_CASE("when: RFC 3339 and days", "[when]") {
  const auto day = sys_days{2024y / 2 / 29};
  CHECK(when("2024-02-29") == day);
  CHECK(when("2024-02-29T01:02:03Z") == day + 1h + 2min + 3s);
  CHECK(when("2024-02-29 01:02:03z") == day + 1h + 2min + 3s);
  CHECK(when("2024-02-29T01:02:03.5Z") == day + 1h + 2min + 3s + 500ms);
  CHECK(when("2024-02-29T01:02:03.000000001Z") == day + 1h + 2min + 3s + 1ns);
  CHECK(when("2024-02-29T01:02:03+02:00") == day - 1h + 2min + 3s);
  CHECK(when("2024-02-29T01:02:03-00:30") == day + 1h + 32min + 3s);
}

TEST_CASE("when: anything else is refused", "[when]") {
  for (const char* text : {"",
                           "now",
                           "10",
                           "m",
                           "10 m",
                           "1.5h",
                           "-3m",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-00-01",
                           "2024-1-1",
                           "24-01-01",
                           "2024-01-01T",
                           "2024-01-01T00:00:00",
                           "2024-01-01T25:00:00Z",
                           "2024-01-01T00:60:00Z",
                           "2024-01-01T00:00:00.Z",
                           "2024-01-01T00:00:00+2",
                           "9999999999s",
                           "2024-01-01T00:00:00.1234567890Z",
                           "2024-01-01T00:00:00ZZ",
                           "99999999d"}) {
    INFO(text);
    CHECK_FALSE(parse_when(text, kNow));
  }
  const auto bad = parse_when("yester\x1b", kNow);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().what == "'yester\\x1b' is no point in time");
  CHECK(bad.error().hints.front() ==
        "write 2026-11-27T17:10:00Z, a day, or how long ago: 90s, 10m, 2h, 3d");
}

TEST_CASE("when: a time is written as it is read", "[base]") {
  CHECK(when_text(0) == "1970-01-01T00:00:00Z");
  CHECK(when_text(1795801865) == "2026-11-27T17:51:05Z");
}
