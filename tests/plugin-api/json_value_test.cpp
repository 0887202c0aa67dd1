// The plain JSON tree.
#include "paddock/contract/json_value.hpp"

#include "support/catch.hpp"

using namespace paddock::contract;

TEST_CASE("json_text: what was parsed comes back, members in their order") {
  for (const char* text :
       {"null", "true", "-9223372036854775808", "18446744073709551615", "0.1", "1.0", "-0.0",
        "1e+300", R"("a\"\\\n")", "[]", "{}", R"({"b":[1,{"c":null}],"a":""})"}) {
    const auto value = parse_json(text);
    REQUIRE(value);
    CHECK(json_text(*value) == text);
  }
}

TEST_CASE("json_text: a number with a fraction stays one") {
  CHECK(json_text(*parse_json("10.0")) == "10.0");
  CHECK(json_text(*parse_json("1E2")) == "100.0");
}

TEST_CASE("parse_json: a number that no double holds is refused") {
  const auto value = parse_json("1e999");
  REQUIRE_FALSE(value);
  CHECK(value.error().what == "is not JSON at byte 5");
}

TEST_CASE("pretty_json: two spaces a level, empty containers on one line") {
  CHECK(pretty_json(*parse_json(R"({"a":[1,2],"b":{},"c":[]})")) ==
        "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}\n");
}

TEST_CASE("invalid_utf8: every malformed sequence is found where it starts") {
  CHECK(invalid_utf8("aü€😀") == std::nullopt);
  for (const char* bad : {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\xaf", "\xed\xa0\x80", "\xe2\x82",
                          "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CHECK(invalid_utf8(std::string("ab") + bad) == std::size_t{2});
  }
}

TEST_CASE("find: null for a missing member and for what is no object") {
  const auto value = parse_json(R"({"a":1})");
  REQUIRE(value);
  REQUIRE(value->find("a") != nullptr);
  CHECK(value->find("a")->integer == 1);
  CHECK(value->find("b") == nullptr);
  CHECK(value->find("a")->find("a") == nullptr);
}
