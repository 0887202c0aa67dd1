// A plugin's own table of the profile.
#include "paddock/sdk/table.hpp"

#include "support/catch.hpp"

using namespace paddock;
using sdk::Table;

namespace {

Table table(std::string values, std::map<std::string, SourcePos> positions = {}) {
  contract::Config config;
  config.values.text = std::move(values);
  config.positions = std::move(positions);
  return Table(std::move(config));
}

}  // namespace

TEST_CASE("Table: each type has its getter") {
  const Table t = table(R"({"b":true,"i":-3,"n":1.5,"w":2,"t":"x","l":["a","b"],"m":{"K":"v"}})");
  CHECK(t.boolean("b"));
  CHECK(t.integer("i") == -3);
  CHECK(t.number("n") == 1.5);
  CHECK(t.number("w") == 2.0);
  CHECK(t.text("t").value == "x");
  REQUIRE(t.texts("l").size() == 2);
  CHECK(t.texts("l")[1].value == "b");
  CHECK(t.text_table("m") == std::map<std::string, std::string>{{"K", "v"}});
  CHECK(t.has("b"));
  CHECK_FALSE(t.has("c"));
}

TEST_CASE("Table: a key or type that is not there is a defect of the plugin") {
  const Table t = table(R"({"i":1,"l":["a",2],"m":{"K":1}})");
  CHECK_THROWS_WITH(t.integer("j"), "option 'j' has no value");
  CHECK_THROWS_WITH(t.text("i"), "option 'i' is not text");
  CHECK_THROWS_WITH(t.boolean("i"), "option 'i' is not a boolean");
  CHECK_THROWS_WITH(t.texts("l"), "option 'l' holds something that is not text");
  CHECK_THROWS_WITH(t.text_table("m"), "option 'm' holds something that is not text");
  CHECK_THROWS_WITH(table("[]"), "the option table is not an object");
}

TEST_CASE("Table: a dotted key is found by its name and through tables") {
  CHECK(table(R"({"user.uid":7})").integer("user.uid") == 7);
  CHECK(table(R"({"user":{"uid":7}})").integer("user.uid") == 7);
  CHECK_FALSE(table(R"({"user":7})").has("user.uid"));
}

TEST_CASE("Table: places are those of the value, else of its list, else unknown") {
  const Table t =
      table(R"({"l":["a","b"],"user":{"uid":1},"x":1})", {{"/l", {"p.toml", 3, 1, 1}},
                                                          {"/l/1", {"p.toml", 4, 9, 3}},
                                                          {"/user/uid", {"p.toml", 7, 1, 1}}});
  CHECK(t.texts("l")[0].where.line == 3);
  CHECK(t.texts("l")[1].where.line == 4);
  CHECK(t.where("l").line == 3);
  CHECK(t.where("user.uid").line == 7);
  CHECK(t.where("x").line == 0);
}
