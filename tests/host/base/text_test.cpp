#include "base/text.hpp"

#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test

TEST_CASE("text: the nearest name is within two edits", "[base]") {
  const std::vector<std::string> names = {"memory", "cpus", "pids", "files"};
  CHECK(nearest("memroy", names) == "memory");
  CHECK(nearest("memor", names) == "memory");
  CHECK(nearest("cpu", names) == "cpus");
  CHECK_FALSE(nearest("network", names).has_value());
  CHECK_FALSE(nearest("", names).has_value());
}

TEST_CASE("text: a short list is shown where no name is near", "[base]") {
  CHECK(name_hint("memroy", {"memory"}) == "did you mean 'memory'?");
  CHECK(name_hint("zzzzzz", {"a", "b"}) == "valid: a, b");
  CHECK(name_hint("zzzzzz", std::vector<std::string>(12, "abc")).empty());
}

TEST_CASE("text: control, bidi and broken bytes are shown escaped", "[base]") {
  CHECK(printable("plain \u00e4\u4e2d") == "plain \u00e4\u4e2d");
  CHECK(printable("a\nb\tc\x1b[31m") == "a\\nb\\tc\\x1b[31m");
  CHECK(printable("\u202eevil") == "\\u202eevil");
  CHECK(printable("zero\u200bwidth") == "zero\\u200bwidth");
  CHECK(printable("\xff\xc3") == "\\xff\\xc3");
  CHECK(printable(std::string("nul\0", 4)) == "nul\\x00");
}

TEST_CASE("text: UTF-8 is judged strictly", "[base]") {
  CHECK(is_utf8("\u00e4\u4e2d\U0001f600"));
  CHECK_FALSE(is_utf8("\xc0\x80"));          // overlong
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));  // above U+10FFFF
  CHECK_FALSE(is_utf8("\xe4\xb8"));          // cut
}

TEST_CASE("text: wide characters take two columns", "[base]") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\u4e2d\u6587") == 4);
  CHECK(display_width("e\u0301") == 1);
}

TEST_CASE("text: names are short, lower case, and never look like an option or path", "[base]") {
  for (const char* good : {"a", "web-1", "a.b_c", "0"}) {
    CHECK(is_name(good));
  }
  for (const char* bad :
       {"", "-v", "--privileged", "../x", "a..b", "A", "$(id)", "a\nb", "a/b", ".a", "\u00e4"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_name(bad));
  }
  CHECK(is_name(std::string(63, 'a')));
  CHECK_FALSE(is_name(std::string(64, 'a')));
}
