// [network] and named volumes in the plan: what they ask for, and what a plugin may change.
#include <algorithm>

#include "host/plan/sample.hpp"
#include "plan/mount_rules.hpp"
#include "plan/wish.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::draft_of;
using test::merged;
using test::removal;
using test::wish;

namespace {

constexpr const char* kServed =
    "[network]\nmode = \"isolated\"\negress = \"unrestricted\"\npublish = [\"8080:80\"]\n";
constexpr const char* kVolume =
    "[[mounts]]\ntype = \"volume\"\nvolume = \"cache\"\ntarget = \"/cache\"\n";

bool requires_(const plan::Draft& draft, const std::string& protection) {
  return std::count(draft.required.begin(), draft.required.end(), protection) == 1;
}

std::string error_of(std::string_view toml) {
  return test::text_of(plan::base_plan(test::profile_of(toml), test::facts()));
}

std::string refusal(const plan::Draft& base, std::vector<plan::Wishes> wishes) {
  const auto result = plan::merge(base, std::move(wishes), {});
  return result ? "ok" : result.error().what;
}

}  // namespace

TEST_CASE("network: isolated leads nowhere unless it is said", "[plan][network]") {
  const plan::Draft draft = draft_of("network.mode = \"isolated\"\n");
  CHECK(draft.plan.network.egress == contract::Egress::kNone);
  CHECK(requires_(draft, "network.isolated"));
  CHECK(requires_(draft, "egress.none"));
  CHECK_FALSE(requires_(draft, "network.none"));
}

TEST_CASE("network: none has no egress to speak of, whatever is written", "[plan][network]") {
  const plan::Draft draft = draft_of("network.egress = \"unrestricted\"\n");
  CHECK(draft.plan.network.egress == std::nullopt);
  CHECK(requires_(draft, "network.none"));
}

TEST_CASE("network: a published port is a leaf of its own, with its line", "[plan][network]") {
  const plan::Draft draft = draft_of(kServed);
  CHECK(draft.plan.network.publish.at("127.0.0.1:8080/tcp") ==
        contract::PublishedPort{"127.0.0.1", 8080, 80});
  const auto& origin = draft.origins.at("/network/publish/127.0.0.1:8080~1tcp").front();
  CHECK(origin.where.line == 4);
  CHECK(requires_(draft, "egress.unrestricted"));
  CHECK(requires_(draft, "network.published"));
}

TEST_CASE("network: a port that could not be reached is an error", "[plan][network][error]") {
  const std::string hint =
      "  hint: set mode = \"isolated\" and egress = \"unrestricted\" in [network], or publish "
      "nothing\n";
  CHECK(error_of("network.publish = [\"8080:80\"]\n") ==
        "web.toml:1:19: error[P0114]: 'network.publish' needs a network: the mode is 'none'\n" +
            hint);
  CHECK(error_of("network = { mode = \"isolated\", publish = [\"8080:80\"] }\n") ==
        "web.toml:1:42: error[P0114]: 'network.publish' needs a network: with egress 'none' no "
        "answer gets out either\n" +
            hint);
}

TEST_CASE("network: a plugin may close, and never open", "[plan][network]") {
  const plan::Draft base = draft_of(kServed);
  const plan::Draft closed = merged(base, {wish("x", "/network/egress", "\"none\"")});
  CHECK(closed.plan.network.egress == contract::Egress::kNone);
  CHECK(requires_(closed, "egress.none"));
  CHECK(merged(base, {removal("x", "/network/publish/127.0.0.1:8080~1tcp")})
            .plan.network.publish.empty());
  const plan::Draft isolated = draft_of("network.mode = \"isolated\"\n");
  CHECK(merged(isolated, {wish("x", "/network/egress", "\"unrestricted\"")}).plan.network.egress ==
        contract::Egress::kNone);
  CHECK(refusal(base, {wish("x", "/network/publish/0.0.0.0:1~1tcp",
                            R"({"address":"0.0.0.0","host_port":1,"port":1,"protocol":"tcp"})")})
            .ends_with("which would open the sandbox to more"));
}

TEST_CASE("volume: a mount of its own kind, that asks for its own protection", "[plan][volume]") {
  const plan::Draft draft = draft_of(kVolume);
  const contract::Mount& mount = draft.plan.mounts.at("/cache");
  CHECK(mount.type == contract::MountType::kVolume);
  CHECK(mount.volume == "cache");
  CHECK_FALSE(mount.read_only);
  CHECK(mount.source.empty());
  CHECK_FALSE(mount.identity.has_value());
  CHECK(requires_(draft, "mounts.volume"));
  CHECK_FALSE(requires_(draft_of(""), "mounts.volume"));
}

TEST_CASE("volume: a plugin may restrict or shadow one, not swap or add it", "[plan][volume]") {
  const plan::Draft base = draft_of(kVolume);
  const auto volume = [](const std::string& name, bool read_only) {
    return R"({"type":"volume","source":"","read_only":)" +
           std::string(read_only ? "true" : "false") +
           R"(,"executable":true,"size_bytes":0,"purpose":"mount","volume":")" + name + "\"}";
  };
  CHECK(merged(base, {wish("x", "/mounts/~1cache", volume("cache", true))})
            .plan.mounts.at("/cache")
            .read_only);
  CHECK(refusal(base, {wish("x", "/mounts/~1cache", volume("other", true))})
            .ends_with("which would loosen the mount that the profile declares"));
  CHECK(refusal(base, {wish("x", "/mounts/~1new", volume("cache", true))})
            .ends_with("which would show the sandbox more of this machine"));
}
