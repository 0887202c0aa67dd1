#include <algorithm>

#include "rig.hpp"
#include "support/catch.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

// The option table as the host completes it.
std::string options(const std::string& keep = "[]",
                    const std::string& masked = R"(["/proc/keys"])",
                    const std::string& more = "") {
  return R"({"keep":)" + keep + R"(,"masked_paths":)" + masked +
         R"(,"read_only_paths":["/proc/sys"],"hidden_paths":["/srv/x"],"umask":"0077","core":0)" +
         more + "}";
}

std::string value_of(const contract::AdjustReply& reply, const std::string& path) {
  for (const contract::Op& op : reply.ops) {
    if (op.path == path) {
      return op.value.text;
    }
  }
  return "no op";
}

std::string refusal(const std::string& values, const std::string& pointer = "") {
  std::map<std::string, SourcePos> positions;
  if (!pointer.empty()) {
    positions[pointer] = {"web.toml", 4, 9, 13};
  }
  const LoadedPlugin plugin("baseline", values, positions);
  if (plugin.created()) {
    return "accepted";
  }
  std::string text = plugin.error().what;
  if (plugin.error().where) {
    text =
        plugin.error().where->file + ":" + std::to_string(plugin.error().where->line) + ": " + text;
  }
  return plugin.error().hints.empty() ? text : text + " (" + plugin.error().hints.front() + ")";
}

}  // namespace

TEST_CASE("baseline: asks for least privilege", "[baseline]") {
  LoadedPlugin plugin("baseline", options(R"(["CAP_NET_RAW","CAP_CHOWN"])", "[]",
                                          R"(,"nofile":256,"fsize":1073741824)"));
  REQUIRE(plugin.created());
  const auto reply =
      plugin.call<contract::AdjustReply>("adjust", contract::PlanRequest{contract::Plan{}});
  REQUIRE(reply.has_value());
  CHECK(value_of(*reply, "/security/no_new_privs") == "true");
  CHECK(value_of(*reply, "/security/capabilities") == R"(["CAP_CHOWN","CAP_NET_RAW"])");
  CHECK(value_of(*reply, "/security/read_only_paths") == R"(["/proc/sys"])");
  CHECK(value_of(*reply, "/security/hidden_paths") == R"(["/srv/x"])");
  CHECK(value_of(*reply, "/rootfs/read_only") == "true");
  CHECK(value_of(*reply, "/process/umask") == R"("0077")");
  CHECK(value_of(*reply, "/security/rlimits/core") == "0");
  CHECK(value_of(*reply, "/security/rlimits/nofile") == "256");
  CHECK(value_of(*reply, "/security/rlimits/fsize") == "1073741824");
  CHECK(value_of(*reply, "/security/rlimits/nproc") == "no op");
}

TEST_CASE("baseline: requires what no leaf asks for", "[baseline]") {
  LoadedPlugin plugin("baseline", options());
  const auto reply = plugin.call<contract::RequireReply>("require", contract::Empty{});
  REQUIRE(reply.has_value());
  for (const char* name : {"descriptors.closed", "devices.minimal", "namespaces", "no-new-privs"}) {
    CHECK(std::count(reply->protections.begin(), reply->protections.end(), name) == 1);
  }
}

TEST_CASE("baseline: vetoes a workload that is root", "[baseline][error]") {
  LoadedPlugin plugin("baseline", options());
  contract::Plan plan = strict_plan();
  CHECK(plugin.call<contract::Empty>("review", contract::PlanRequest{plan}).has_value());
  plan.process.user.uid = 0;
  const auto veto = plugin.call<contract::Empty>("review", contract::PlanRequest{plan});
  REQUIRE_FALSE(veto.has_value());
  CHECK(veto.error().code == ErrorCode::kVetoed);
  CHECK(veto.error().what == "the workload would run as root inside the sandbox");
}

TEST_CASE("baseline: a misspelt capability is an error at its place", "[baseline][error]") {
  CHECK(refusal(options(R"(["CAP_NET_ROW"])"), "/keep/0") ==
        "web.toml:4: unknown capability 'CAP_NET_ROW' (did you mean 'CAP_NET_RAW'?)");
  CHECK(refusal(options(R"(["everything"])"), "/keep/0") ==
        "web.toml:4: unknown capability 'everything' (names look like CAP_NET_RAW, see "
        "capabilities(7))");
}

TEST_CASE("baseline: values that cannot be meant are errors", "[baseline][error]") {
  CHECK(refusal(options("[]", R"(["/etc/passwd"])"), "/masked_paths/0") ==
        "web.toml:4: '/etc/passwd' is no kernel path (these are below /proc or /sys; hidden_paths "
        "takes others)");
  CHECK(refusal(options("[]", R"(["/proc/../etc"])"), "/masked_paths/0") ==
        "web.toml:4: '/proc/../etc' is not an absolute path in its plain form (write it without "
        "'..', '.', doubled or trailing slashes)");
  CHECK(refusal(options("[]", "[]", R"(,"nofile":-1)"), "/nofile") ==
        "web.toml:4: the limit 'nofile' is negative");
}
