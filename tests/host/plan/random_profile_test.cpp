// Random profiles: a whole plan or an error with a place, and what must hold of every plan.
#include <algorithm>
#include <random>

#include "host/plan/sample.hpp"
#include "plan/assemble.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

using Random = std::mt19937;

std::string pick(Random& random, const std::vector<std::string>& choices) {
  return choices[random() % choices.size()];
}

/// A few lines, most of them sound.
std::string random_toml(Random& random) {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> kKeys{
      {"process.uid", {"1", "1000", "4294967294", "0"}},
      {"process.init", {"true", "false", "\"yes\""}},
      {"process.umask", {"\"0022\"", "\"0077\""}},
      {"process.env", {"{ A = \"1\" }", "{ HOME = \"/x\", B = \"é\" }", "{ C = 1 }"}},
      {"process.command", {"[\"make\"]", "[]", "[1]"}},
      {"resources.memory", {"\"1GiB\"", "1048576", "\"99TiB\"", "-1"}},
      {"resources.cpus", {"1", "0.5", "64", "0"}},
      {"resources.disk", {"\"1MiB\"", "\"1GiB\"", "12288", "4096"}},
      {"resources.files", {"64", "100000000"}},
      {"resources.best_effort", {"[\"pids\"]", "[\"memory\", \"cpus\"]", "[]"}},
      {"network.mode", {"\"none\"", "\"bridge\"", "\"open\""}},
      {"backend.isolation", {"\"vm\"", "\"shared-kernel\""}},
      {"mounts",
       {"[{ target = \"/data\", source = \"/srv\" }]",
        "[{ target = \"/tmp\", type = \"tmpfs\", size = \"64KiB\" }]",
        "[{ target = \"/a\", type = \"tmpfs\" }, { target = \"/a\", type = \"tmpfs\" }]",
        "[{ target = \"/data\" }]"}},
  };
  std::string out;
  for (const auto& [key, values] : kKeys) {
    if (random() % 3 == 0) {
      // The first values are sound ones, and come up more often.
      out += key + " = " + (random() % 4 == 0 ? pick(random, values) : values.front()) + "\n";
    }
  }
  return out;
}

void check_whole(const plan::Draft& draft) {
  const auto leaves = contract::leaves(draft.plan);
  CHECK(draft.origins.size() == leaves.size());
  CHECK(std::is_sorted(draft.required.begin(), draft.required.end()));
  CHECK(draft.plan.process.user.uid != 0);
  std::uint64_t disk = 0;
  for (const auto& [target, mount] : draft.plan.mounts) {
    disk += mount.type == contract::MountType::kTmpfs ? mount.size_bytes : 0;
  }
  if (draft.plan.resources.disk_bytes) {
    CHECK(disk == *draft.plan.resources.disk_bytes / 4096 * 4096);
  }
  // Every leaf written back as it is gives the same plan: the decoder agrees with what we built.
  plan::Edits edits;
  for (const contract::Leaf& leaf : leaves) {
    edits[leaf.pointer] = leaf.value;
  }
  const auto again = plan::apply_edits(draft.plan, edits);
  REQUIRE(again);
  CHECK(plan::digest(*again) == plan::digest(draft.plan));
}

}  // namespace

TEST_CASE("base plan: random profiles give a whole plan or an error with its place", "[plan]") {
  Random random(11);  // NOLINT(cert-msc51-cpp): the same run every time
  int plans = 0;
  int errors = 0;
  for (int round = 0; round < 1000; ++round) {
    const std::string toml = random_toml(random);
    INFO(toml);
    const auto draft = plan::base_plan(test::profile_of(toml), test::facts());
    if (draft) {
      ++plans;
      check_whole(*draft);
      continue;
    }
    ++errors;
    CHECK(draft.error().where.has_value());
  }
  CHECK(plans > 100);
  CHECK(errors > 100);
}
