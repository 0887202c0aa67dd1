#include "run/detach_keys.hpp"

#include "support/catch.hpp"

using paddock::run::DetachKeys;

namespace {

DetachKeys keys(std::string_view text) {
  auto parsed = DetachKeys::parse(text);
  REQUIRE(parsed);
  return std::move(*parsed);
}

/// What comes through of `typed`, and "!" where the keys were struck.
std::string strike(DetachKeys& keys, std::string typed) {
  const bool struck = keys.strike(typed);
  return typed + (struck ? "!" : "");
}

}  // namespace

TEST_CASE("detach keys: the whole sequence leaves, a part of it is passed on", "[attach]") {
  DetachKeys two = keys("ctrl-p,ctrl-q");
  CHECK(strike(two, "abc") == "abc");
  CHECK(strike(two, "a\x10") == "a");  // held back
  CHECK(strike(two, "b") ==
        "\x10"
        "b");
  CHECK(strike(two, "\x10\x10") == "\x10");
  CHECK(strike(two, "\x11never") == "!");
}

TEST_CASE("detach keys: a sequence that begins anew in itself", "[attach]") {
  DetachKeys three = keys("a,a,b");
  CHECK(strike(three, "aaab") == "a!");
}

TEST_CASE("detach keys: other keys, and none", "[attach]") {
  DetachKeys one = keys("ctrl-x");
  CHECK(strike(one, "q\x18") == "q!");
  DetachKeys marks = keys("ctrl-@,ctrl-_");
  CHECK(strike(marks, std::string("\0\x1f", 2)) == "!");
  DetachKeys none = keys("");
  CHECK(strike(none, "\x10\x11") == "\x10\x11");
}

TEST_CASE("detach keys: what is no key is refused", "[attach]") {
  for (const char* text : {"ctrl-", "ctrl-P", "ctrl-pq", "ab", "ctrl-p,,q", "shift-a"}) {
    const auto bad = DetachKeys::parse(text);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().what == "bad detach keys '" + std::string(text) + "'");
    CHECK(bad.error().hints.front() ==
          "write them as 'ctrl-p,ctrl-q': a character, or ctrl- and a letter, @ [ \\ ] ^ _");
  }
}
