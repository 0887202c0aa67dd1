// The order of plugins decides nothing: not a value, not an owner, not an error.
#include <algorithm>
#include <random>

#include "host/plan/sample.hpp"
#include "paddock/contract/codec.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::text_of;
using test::wish;

namespace {

/// Everything that a merge says, as one text.
std::string outcome(const plan::Draft& base, std::vector<plan::Wishes> wishes) {
  const auto draft = plan::merge(base, std::move(wishes), {});
  if (!draft) {
    return text_of(draft);
  }
  std::string text = contract::encode(draft->plan);
  for (const auto& [pointer, origins] : draft->origins) {
    for (const plan::Origin& origin : origins) {
      text += "\n" + pointer + " " + origin.owner + " " + origin.reason + " " + origin.value;
    }
  }
  for (const std::string& name : draft->required) {
    text += "\n" + name;
  }
  return text;
}

/// A random op, sometimes in conflict with others, sometimes illegal.
plan::Wishes random_wish(std::mt19937& random, const std::string& plugin) {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> kMenu{
      {"/security/no_new_privs", {"true", "false"}},
      {"/security/capabilities", {R"(["CAP_KILL"])", R"(["CAP_KILL","CAP_CHOWN"])", "[]"}},
      {"/security/masked_paths", {R"(["/proc/keys"])", R"(["/proc/kcore","/proc/keys"])"}},
      {"/security/rlimits/nofile", {"64", "128", "256"}},
      {"/resources/pids", {"10", "20", "30"}},
      {"/process/umask", {"\"0027\"", "\"0077\""}},
      {"/isolation", {"\"vm\"", "\"shared-kernel\""}},
      {"/process/hostname", {"\"box\"", "\"box\"", "\"box\"", "\"other\""}},
      {"/process/environment/LC_ALL", {"\"C\"", "\"C\"", "\"POSIX\""}},
  };
  const auto& [path, values] = kMenu[random() % kMenu.size()];
  const bool illegal = random() % 200 == 0;
  return wish(plugin, path, illegal ? "{}" : values[random() % values.size()], 1 + random() % 9);
}

}  // namespace

TEST_CASE("merge: 10,000 permutations of plugins give one plan or one error", "[plan][merge]") {
  std::mt19937 random(20251124);  // NOLINT(cert-msc51-cpp): the same run every time
  const plan::Draft base = test::draft_of("resources.disk = \"64MiB\"\n");
  int errors = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<plan::Wishes> wishes;
    for (const char* plugin : {"a", "b", "c", "d", "e", "f"}) {
      plan::Wishes from = random_wish(random, plugin);
      for (int more = 0; more < 3; ++more) {
        from.ops.push_back(random_wish(random, plugin).ops.front());
      }
      wishes.push_back(std::move(from));
    }
    const std::string expected = outcome(base, wishes);
    errors += expected.find("error[") != std::string::npos ? 1 : 0;
    for (int turn = 0; turn < 20; ++turn) {
      std::shuffle(wishes.begin(), wishes.end(), random);
      for (plan::Wishes& from : wishes) {
        std::shuffle(from.ops.begin(), from.ops.end(), random);
      }
      const std::string seen = outcome(base, wishes);
      if (seen != expected) {  // CHECK on each would cost more than the merge
        CHECK(seen == expected);
      }
    }
  }
  CHECK(errors > 50);  // both outcomes were met
  CHECK(errors < 450);
}

TEST_CASE("merge: more hardeners never give more power", "[plan][merge]") {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp)
  const plan::Draft base = test::draft_of("resources.disk = \"64MiB\"\nresources.pids = 25\n");
  for (int round = 0; round < 300; ++round) {
    std::vector<plan::Wishes> wishes;
    for (const char* plugin : {"a", "b", "c"}) {
      wishes.push_back(random_wish(random, plugin));
    }
    const auto draft = plan::merge(base, wishes, {});
    if (!draft) {
      continue;
    }
    for (const plan::Difference& difference : plan::diff(base.plan, draft->plan)) {
      INFO(difference.pointer << " " << difference.before << " -> " << difference.after);
      CHECK(difference.power != plan::Difference::Power::kGained);
    }
  }
}
