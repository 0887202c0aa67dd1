// The rules by which a later layer may change an earlier one's value.
#include "profile/narrowing.hpp"

#include "support/catch.hpp"

namespace paddock::test {
namespace {

OptionSpec row(OptionType type, Narrowing narrowing, std::vector<std::string> choices = {}) {
  OptionSpec spec;
  spec.type = type;
  spec.narrowing = narrowing;
  spec.choices = std::move(choices);
  return spec;
}

Node texts(const std::vector<std::string>& items) {
  Node::Array array;
  for (const std::string& item : items) {
    array.emplace_back(item);
  }
  return Node(std::move(array));
}

Node text(const std::string& value) {
  return Node(value);
}

Node integer(std::int64_t value) {
  return Node(value);
}

TEST_CASE("narrowing: free never loosens, fixed always does", "[profile][narrowing]") {
  const auto free = row(OptionType::kText, Narrowing::kFree);
  const auto fixed = row(OptionType::kText, Narrowing::kFixed);
  CHECK_FALSE(profile::loosens(free, text("a"), text("b")));
  CHECK(profile::loosens(fixed, text("a"), text("b")));
  CHECK_FALSE(profile::loosens(fixed, text("a"), text("a")));
}

TEST_CASE("narrowing: switches turn one way", "[profile][narrowing]") {
  const auto on = row(OptionType::kBoolean, Narrowing::kTrue);
  const auto off = row(OptionType::kBoolean, Narrowing::kFalse);
  CHECK(profile::loosens(on, Node(true), Node(false)));
  CHECK_FALSE(profile::loosens(on, Node(false), Node(true)));
  CHECK(profile::loosens(off, Node(false), Node(true)));
  CHECK_FALSE(profile::loosens(off, Node(true), Node(false)));
}

TEST_CASE("narrowing: sizes compare by bytes, exactly", "[profile][narrowing]") {
  const auto size = row(OptionType::kSize, Narrowing::kLess);
  CHECK_FALSE(profile::loosens(size, text("1GiB"), integer(1073741824)));
  CHECK(profile::loosens(size, text("1GiB"), integer(1073741825)));
  CHECK(profile::loosens(size, integer(9007199254740992), integer(9007199254740993)));
  CHECK(profile::loosens(size, text("1000MB"), text("1GiB")));
  CHECK(profile::same_value(size, text("1024KiB"), text("1MiB")));
  CHECK(to_json(profile::strictest(size, text("2GiB"), text("1GiB"))) == "\"1GiB\"");
  CHECK(to_json(profile::strictest(size, text("1GiB"), text("2GiB"))) == "\"1GiB\"");
}

TEST_CASE("narrowing: numbers of both kinds compare", "[profile][narrowing]") {
  const auto number = row(OptionType::kNumber, Narrowing::kLess);
  CHECK(profile::loosens(number, integer(1), Node(1.5)));
  CHECK_FALSE(profile::loosens(number, Node(1.5), integer(1)));
  const auto count = row(OptionType::kInteger, Narrowing::kLess);
  CHECK(profile::loosens(count, integer(1), integer(2)));
  CHECK_FALSE(profile::loosens(count, integer(2), integer(2)));
}

TEST_CASE("narrowing: lists lose or gain entries", "[profile][narrowing]") {
  const auto subset = row(OptionType::kTexts, Narrowing::kSubset);
  const auto superset = row(OptionType::kTexts, Narrowing::kSuperset);
  CHECK(profile::loosens(subset, texts({"a"}), texts({"b"})));
  CHECK(profile::loosens(subset, texts({}), texts({"b"})));
  CHECK_FALSE(profile::loosens(subset, texts({"a", "b"}), texts({"b"})));
  CHECK(profile::loosens(superset, texts({"a", "b"}), texts({"b", "c"})));
  CHECK_FALSE(profile::loosens(superset, texts({"a"}), texts({"c", "a"})));
  CHECK(to_json(profile::strictest(subset, texts({"a", "b"}), texts({"b", "c"}))) == "[\"b\"]");
  CHECK(to_json(profile::strictest(superset, texts({"a"}), texts({"b", "a"}))) == "[\"a\",\"b\"]");
}

TEST_CASE("narrowing: names move to the front, masks gain bits", "[profile][narrowing]") {
  const auto mode = row(OptionType::kText, Narrowing::kStricter, {"none", "isolated", "bridge"});
  CHECK(profile::loosens(mode, text("none"), text("isolated")));
  CHECK(profile::loosens(mode, text("isolated"), text("unknown")));
  CHECK_FALSE(profile::loosens(mode, text("bridge"), text("none")));
  const auto mask = row(OptionType::kText, Narrowing::kMoreBits);
  CHECK(profile::loosens(mask, text("0022"), text("0007")));
  CHECK_FALSE(profile::loosens(mask, text("0022"), text("0027")));
  CHECK(to_json(profile::strictest(mask, text("0022"), text("0007"))) == "\"0027\"");
}

}  // namespace
}  // namespace paddock::test
