// What a plugin gets of its own table.
#include "host/plan/sample.hpp"
#include "paddock/contract/codec.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

OptionSpec option(std::string key, OptionType type, std::optional<Node> fallback = {}) {
  OptionSpec spec;
  spec.key = std::move(key);
  spec.type = type;
  spec.default_value = std::move(fallback);
  return spec;
}

plugin::Manifest manifest(plugin::Kind kind = plugin::Kind::kHardener) {
  plugin::Manifest out;
  out.id = "no-net";
  out.kind = kind;
  out.options = {option("core", OptionType::kSize, Node(std::string("1KiB"))),
                 option("stack", OptionType::kSize), option("keep", OptionType::kTexts)};
  return out;
}

}  // namespace

TEST_CASE("config: values with their places, defaults without, sizes in bytes", "[plan]") {
  const auto profile =
      test::profile_of("[hardener.no-net]\nstack = \"8MiB\"\nkeep = [\"CAP_CHOWN\"]\n");
  const auto config = contract::decode<contract::Config>(plan::config_json(profile, manifest()));
  REQUIRE(config);
  CHECK(config->plugin == "no-net");
  CHECK(config->values.text == R"({"core":1024,"keep":["CAP_CHOWN"],"stack":8388608})");
  CHECK(config->positions.at("/stack").line == 2);
  CHECK(config->positions.at("/keep/0").column == 9);
  CHECK(config->positions.count("/core") == 0);
}

TEST_CASE("config: a plugin without a table gets its defaults", "[plan]") {
  const auto config = contract::decode<contract::Config>(
      plan::config_json(test::profile_of(""), manifest(plugin::Kind::kBackend)));
  REQUIRE(config);
  CHECK(config->values.text == R"({"core":1024})");
}

TEST_CASE("config: each entry of [[hooks]] has its own phase and keys", "[plan]") {
  const auto profile = test::profile_of(
      "[[hooks]]\nid = \"no-net\"\nphase = \"after-stop\"\nstack = 1\n"
      "[[hooks]]\nid = \"no-net\"\nphase = \"before-launch\"\nstack = 4096\n");
  const auto hooks = profile::named_hooks(profile);
  REQUIRE(hooks.size() == 2);
  CHECK(hooks[0].id == "no-net");
  CHECK(hooks[0].phase == contract::HookPhase::kAfterStop);
  CHECK(hooks[1].phase == contract::HookPhase::kBeforeLaunch);
  const auto values = [&](const profile::HookEntry& entry) {
    const auto config = contract::decode<contract::Config>(
        plan::config_json(entry.table, manifest(plugin::Kind::kHook)));
    return config ? config->values.text : config.error().what;
  };
  CHECK(values(hooks[0]) == R"({"core":1024,"stack":1})");
  CHECK(values(hooks[1]) == R"({"core":1024,"stack":4096})");
}

TEST_CASE("digest: equal plans have equal digests, and another value another", "[plan]") {
  contract::Plan one;
  contract::Plan other;
  CHECK(plan::digest(one) == plan::digest(other));
  other.process.umask = "0077";
  CHECK(plan::digest(one) != plan::digest(other));
  CHECK(plan::digest(one).rfind("sha256:", 0) == 0);
}
