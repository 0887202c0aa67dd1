// The public header compiles as C11, C17 and C++20, and means the same in each.
#include <cstring>

#include "header/layout.h"
#include "paddock/plugin.h"
#include "support/catch.hpp"

namespace {

bool equal(const layout& a, const layout& b) {
  return std::memcmp(&a, &b, sizeof(layout)) == 0;
}

}  // namespace

TEST_CASE("plugin.h: API-01 lays its structs out alike in C11, C17 and C++20") {
  CHECK(equal(layout_c11(), layout_c17()));
  CHECK(equal(layout_c11(), layout_cxx20()));
}

TEST_CASE("plugin.h: API-05 every struct that may grow begins with its size") {
  CHECK(offsetof(paddock_out, size) == 0);
  CHECK(offsetof(paddock_host, size) == 0);
  CHECK(offsetof(paddock_plugin, size) == 0);
}

TEST_CASE("plugin.h: the magic spells PADDOCK1 in memory") {
  const std::uint64_t magic = PADDOCK_MAGIC;
  CHECK(std::memcmp(&magic, "PADDOCK1", 8) == 0);
}
