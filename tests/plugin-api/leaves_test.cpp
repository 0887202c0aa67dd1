// The table of merge rules and the leaves of a plan.
#include "paddock/contract/leaves.hpp"

#include <algorithm>
#include <set>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/protections.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

using namespace paddock::contract;

namespace {

const Leaf* find(const std::vector<Leaf>& all, std::string_view pointer) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Leaf& leaf) { return leaf.pointer == pointer; });
  return found == all.end() ? nullptr : &*found;
}

// Every scalar or list of `value` must be a leaf, or lie below one.
void check_covered(const JsonValue& value,
                   const std::string& pointer,
                   const std::set<std::string>& known) {
  if (known.count(pointer) != 0 || pointer == "/name" || pointer == "/profile") {
    return;
  }
  INFO("pointer " << pointer);
  REQUIRE(value.type == JsonType::kObject);
  for (const JsonMember& member : value.members) {
    check_covered(member.value, pointer + "/" + escape_pointer(member.key), known);
  }
}

}  // namespace

TEST_CASE("leaves: MRG-01 every value of a plan but its two names belongs to one leaf") {
  std::set<std::string> pointers;
  for (const Leaf& leaf : leaves(paddock::test::full_plan())) {
    CHECK(pointers.insert(leaf.pointer).second);
    REQUIRE(leaf.rule != nullptr);
    CHECK(leaf.rule == leaf_rule(leaf.pointer));
  }
  check_covered(*parse_json(encode(paddock::test::full_plan())), "", pointers);
}

TEST_CASE("leaves: a plan that sets everything uses every rule") {
  std::set<std::string_view> used;
  for (const Leaf& leaf : leaves(paddock::test::full_plan())) {
    used.insert(leaf.rule->pattern);
  }
  CHECK(used.size() == leaf_rules().size());
}

TEST_CASE("leaves: values are compact JSON, keys are escaped") {
  const std::vector<Leaf> all = leaves(paddock::test::full_plan());
  REQUIRE(find(all, "/process/user/uid") != nullptr);
  CHECK(find(all, "/process/user/uid")->value == "1000");
  CHECK(find(all, "/security/capabilities")->value == R"(["CAP_NET_RAW"])");
  CHECK(find(all, "/network/mode")->value == R"("none")");
  REQUIRE(find(all, "/mounts/~1tmp") != nullptr);
  CHECK(find(all, "/mounts/~1tmp")->value ==
        R"({"type":"tmpfs","source":"","read_only":false,"executable":false,)"
        R"("size_bytes":1048576,"purpose":"scratch"})");
}

TEST_CASE("leaves: an absent optional is none, an empty list is one") {
  const std::vector<Leaf> all = leaves(Plan{});
  CHECK(find(all, "/resources/memory_bytes") == nullptr);
  REQUIRE(find(all, "/security/capabilities") != nullptr);
  CHECK(find(all, "/security/capabilities")->value == "[]");
}

TEST_CASE("leaves: they come in the order of the table") {
  const std::vector<Leaf> all = leaves(paddock::test::full_plan());
  CHECK(std::is_sorted(all.begin(), all.end(),
                       [](const Leaf& a, const Leaf& b) { return a.rule < b.rule; }));
}

TEST_CASE("leaf_rule: only whole leaves match") {
  CHECK(leaf_rule("/mounts/~1tmp") != nullptr);
  for (const char* pointer :
       {"", "/", "/mounts", "/mounts/", "/mounts/~1tmp/read_only", "/process", "/process/user",
        "/name", "/profile", "/security/capabilities/0", "security/capabilities"}) {
    INFO(pointer);
    CHECK(leaf_rule(pointer) == nullptr);
  }
}

TEST_CASE("leaf_rules: protections are of the vocabulary") {
  for (const LeafRule& rule : leaf_rules()) {
    INFO(rule.pattern);
    CHECK((rule.protection.empty() ||
           std::any_of(std::begin(kProtections), std::end(kProtections),
                       [&](const Protection& p) { return p.name == rule.protection; })));
    CHECK_FALSE(rule.meaning.empty());
  }
}

TEST_CASE("strictest_first: lattices are ordered, other rules have none") {
  using Names = std::vector<std::string_view>;
  CHECK(strictest_first(*leaf_rule("/isolation")) == Names{"vm", "user-kernel", "shared-kernel"});
  CHECK(strictest_first(*leaf_rule("/network/mode")) == Names{"none", "isolated", "bridge"});
  for (const LeafRule& rule : leaf_rules()) {
    CHECK(strictest_first(rule).empty() == (rule.merge != Merge::kLattice));
  }
}

TEST_CASE("escape_pointer: tilde and slash, there and back") {
  CHECK(escape_pointer("/a~b/") == "~1a~0b~1");
  CHECK(escape_pointer("~1") == "~01");
  for (const char* token : {"", "~", "/", "~1", "~0~1", "a/b~c"}) {
    CHECK(unescape_pointer(escape_pointer(token)) == token);
  }
}
