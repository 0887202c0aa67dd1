// plugin-api/README.md is the specification: its tables are the code's, its rules have tests.
#include <filesystem>
#include <regex>
#include <set>

#include "paddock/contract/leaves.hpp"
#include "paddock/contract/protections.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock::contract;
namespace fs = std::filesystem;

namespace {

const fs::path kSource = PADDOCK_SOURCE_DIR;

std::string specification() {
  return paddock::test::read_text(kSource / "plugin-api/README.md");
}

std::set<std::string> matches(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) {
    found.insert((*i)[1]);
  }
  return found;
}

// Rule ids in the names of all test cases below tests/.
std::set<std::string> tested_ids() {
  std::set<std::string> ids;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "tests")) {
    if (entry.path().extension() == ".cpp") {
      const std::string text = paddock::test::read_text(entry.path());
      ids.merge(matches(text, R"re(TEST_CASE\([^)]*?\b([A-Z]{3}-[0-9]{2})\b)re"));
    }
  }
  return ids;
}

const char* rule_name(Merge merge) {
  switch (merge) {
    case Merge::kExclusive:
      return "exclusive";
    case Merge::kTrue:
      return "true";
    case Merge::kLess:
      return "less";
    case Merge::kSubset:
      return "subset";
    case Merge::kSuperset:
      return "superset";
    case Merge::kLattice:
      return "lattice";
    case Merge::kMoreBits:
      return "more-bits";
    case Merge::kKeyed:
      return "keyed";
  }
  return "?";
}

std::string code(std::string_view text) {
  return text.empty() ? "—" : "`" + std::string(text) + "`";
}

}  // namespace

TEST_CASE("specification: every rule is the name of a test") {
  const std::set<std::string> rules =
      matches(specification(), R"re(\*\*([A-Z]{3}-[0-9]{2})\*\*)re");
  CHECK(rules.size() > 40);
  const std::set<std::string> tested = tested_ids();
  for (const std::string& rule : rules) {
    INFO("no test case of tests/ is named by " << rule);
    CHECK(tested.count(rule) == 1);
  }
}

TEST_CASE("specification: every rule is stated once") {
  const std::string text = specification();
  for (const std::string& rule : matches(text, R"re(\*\*([A-Z]{3}-[0-9]{2})\*\*)re")) {
    const std::string mark = "- **" + rule + "** ";
    INFO(rule);
    CHECK(text.find(mark) != std::string::npos);
    CHECK(text.find(mark) == text.rfind(mark));
  }
}

TEST_CASE("specification: MRG-01 its table of leaves is the code's") {
  const std::string text = specification();
  for (const LeafRule& rule : leaf_rules()) {
    const std::string row = "| " + code(rule.pattern) + " | " + rule_name(rule.merge) + " | " +
                            code(rule.protection) + " |\n";
    INFO(row);
    CHECK(text.find(row) != std::string::npos);
  }
  CHECK(matches(text, R"re(\n\| `(/[^`]*)` \|)re").size() == leaf_rules().size());
}

TEST_CASE("specification: its table of protections is the code's") {
  const std::string text = specification();
  for (const Protection& protection : kProtections) {
    const std::string row = "| " + code(protection.name) + " | " + std::string(protection.meaning) +
                            " | " + std::string(protection.evidence) + " |\n";
    INFO(row);
    CHECK(text.find(row) != std::string::npos);
  }
}
