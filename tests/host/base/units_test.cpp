#include "base/units.hpp"

#include "support/catch.hpp"

using paddock::format_size;
using paddock::parse_size;

TEST_CASE("units: sizes with binary and decimal units", "[base]") {
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("1024") == 1024);
  CHECK(parse_size("64KiB") == 65536);
  CHECK(parse_size("512MiB") == 512ULL << 20);
  CHECK(parse_size("8GiB") == 8ULL << 30);
  CHECK(parse_size("2GB") == 2'000'000'000);
  CHECK(parse_size("9223372036854775807") == 9223372036854775807ULL);
}

TEST_CASE("units: anything that is not digits and a unit is refused", "[base][error]") {
  for (const char* text : {"", "GiB", "-1", "+1", "1e99", "1.5GiB", " 1", "1 GiB", "1gib", "1Gi",
                           "\uff11", "9223372036854775808", "8388608TiB", "0x10", "1GiB "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("units: a size is written with the largest unit that divides it", "[base]") {
  CHECK(format_size(8ULL << 30) == "8GiB");
  CHECK(format_size(1536ULL << 20) == "1536MiB");
  CHECK(format_size(1500) == "1500B");
  CHECK(format_size(0) == "0B");
}
