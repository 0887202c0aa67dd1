// Steps 4 to 7 with real libraries: demands, ops, vetoes, and the choice of a backend.
#include "plan/planner.hpp"

#include "host/plan/sample.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace paddock;
using test::text_of;
namespace fs = std::filesystem;

namespace {

/// The two fixture plugins in a directory that passes the trust checks.
class Plugins {
 public:
  explicit Plugins(std::vector<std::string> ids = {"plan-strict", "plan-box"},
                   plugin::Mode mode = plugin::Mode::kInProcess) {
    for (const std::string& id : ids) {
      const fs::path from = fs::path(PADDOCK_PLAN_PLUGINS) / id;
      for (const std::string& file : {std::string("manifest.toml"), "lib" + id + ".so"}) {
        fs::create_directory(dir_ / id);
        fs::copy_file(from / file, dir_ / id / file);
        fs::permissions(dir_ / id / file, fs::perms::owner_all);
      }
      fs::permissions(dir_ / id, fs::perms::owner_all);
    }
    plugin::Settings settings;
    settings.search = {{dir_.path(), mode}};
    settings.child_program = "/bin/false";
    registry_.emplace(std::move(*plugin::Registry::discover(settings)));
  }

  Result<plan::Planned> plan(std::string_view toml, const plan::BackendChoice& choice = {}) const {
    return plan::make_plan(test::profile_of(toml), test::facts(), *registry_, choice);
  }
  Result<plan::Planned> explain(std::string_view toml) const {
    return plan::explain_plan(test::profile_of(toml), test::facts(), *registry_, {});
  }

 private:
  test::TempDir dir_;
  std::optional<plugin::Registry> registry_;
};

}  // namespace

TEST_CASE("planner: a profile, a hardener and a backend make a plan", "[plan][plugin]") {
  const Plugins plugins;
  const auto planned = plugins.plan(
      "[hardener.plan-strict]\nrequire = [\"no-new-privs\"]\n"
      "set = { \"/process/hostname\" = '\"box\"' }\n");
  REQUIRE(text_of(planned) == "ok");
  CHECK(planned->draft.plan.process.hostname == "box");
  CHECK(planned->draft.origins.at("/process/hostname").front().where.line == 1);
  CHECK(planned->draft.demands.count("no-new-privs") == 1);
  CHECK(planned->hardeners.size() == 1);
  CHECK(planned->backend->manifest().id == "plan-box");
  CHECK(planned->probe.version == "1.0");
  CHECK(planned->rejected.empty());
}

TEST_CASE("planner: a veto names the hardener and its table", "[plan][plugin][error]") {
  const Plugins plugins;
  CHECK(text_of(plugins.plan("[hardener.plan-strict]\nveto = \"'/workspace' is writable\"\n")) ==
        "web.toml:1:11: error[P0303]: hardener 'plan-strict' refuses the plan: '/workspace' is "
        "writable\n"
        "  plugin 'plan-strict', method 'review'\n");
}

TEST_CASE("planner: a backend that does not ship is tried only where it is named",
          "[plan][plugin]") {
  const Plugins strangers({"plan-box"}, plugin::Mode::kChildProcess);
  const auto rejected = [&](std::string_view toml, const plan::BackendChoice& choice) {
    const auto planned = strangers.plan(toml, choice);
    REQUIRE_FALSE(planned);  // in any case, as no child can run here
    return planned.error().others.size();
  };
  plan::BackendChoice preferred;
  preferred.preferred = {"plan-box"};
  CHECK(rejected("", preferred) == 1);
  CHECK(rejected("", {}) == 0);
}

TEST_CASE("planner: no backend is an error with every reason, and still explained",
          "[plan][plugin][error]") {
  const Plugins plugins;
  const std::string toml = "[backend.plan-box]\nlacks = [\"devices.minimal\"]\n";
  CHECK(text_of(plugins.plan(toml)) ==
        "paddock: error[P0306]: no backend can run profile 'web' here\n"
        "  hint: `paddock doctor` shows what each backend can enforce on this machine\n"
        "paddock: error[P0304]: backend 'plan-box' cannot enforce 'devices.minimal' here: the test "
        "says so\n"
        "  paddock always asks for it\n");
  const auto planned = plugins.explain(toml);
  REQUIRE(planned);
  CHECK(planned->backend == nullptr);
  CHECK(planned->refusal->code == ErrorCode::kNoBackend);
  CHECK(planned->rejected.front().probe.available);
  CHECK(planned->draft.plan.name == "web-1");
}

TEST_CASE("planner: without any backend it is said what is missing", "[plan][plugin][error]") {
  const Plugins plugins({"plan-strict"});
  CHECK(text_of(plugins.plan("")) ==
        "paddock: error[P0306]: no backend can run profile 'web' here\n"
        "  hint: no backend is installed; `paddock plugin list` shows what is\n");
}

TEST_CASE("planner: a profile's list of backends is never made up for", "[plan][plugin][error]") {
  const Plugins plugins;
  const auto planned = plugins.explain("backend.prefer = [\"vm-box\"]\n");
  REQUIRE(planned);
  CHECK(planned->backend == nullptr);
  REQUIRE(planned->rejected.size() == 1);
  CHECK(planned->rejected.front().backend == "vm-box");
  CHECK(planned->rejected.front().error.code == ErrorCode::kUnknownPlugin);
  // The place is the list's; what could stand there are backends, and no other plugin.
  CHECK(text_of(plugins.plan("backend.prefer = [\"vm-box\"]\n")) ==
        "paddock: error[P0306]: no backend can run profile 'web' here\n"
        "  hint: `paddock doctor` shows what each backend can enforce on this machine\n"
        "web.toml:1:19: error[P0201]: no plugin 'vm-box'\n"
        "  hint: valid: plan-box\n");
  CHECK(text_of(plugins.plan("backend.prefer = [\"plan-strict\"]\n"))
            .find("web.toml:1:19: error[P0201]: plugin 'plan-strict' is a hardener, not a backend\n"
                  "  hint: valid: plan-box\n") != std::string::npos);
}

TEST_CASE("planner: --backend takes that one or none", "[plan][plugin][error]") {
  const Plugins plugins;
  CHECK(text_of(plugins.plan("", {"plan-box", {}})) == "ok");
  CHECK(text_of(plugins.plan("", {"plan-strict", {}})) ==
        "paddock: error[P0201]: plugin 'plan-strict' is a hardener, not a backend\n");
}

TEST_CASE("planner: a non-critical op that the backend cannot do is left out and reported",
          "[plan][plugin]") {
  const Plugins plugins;
  const std::string table = "[hardener.plan-strict]\noptional = { \"/resources/pids\" = '10' }\n";
  CHECK(plugins.plan(table)->draft.plan.resources.pids == 10u);
  const auto without = plugins.plan(table + "[backend.plan-box]\nlacks = [\"cgroup.pids\"]\n");
  REQUIRE(text_of(without) == "ok");
  CHECK_FALSE(without->draft.plan.resources.pids);
  CHECK(without->draft.dropped ==
        std::vector<std::string>{"'plan-strict' asks for '/resources/pids', which backend "
                                 "'plan-box' cannot do: left out, since it is not critical"});
}

TEST_CASE("planner: an unknown hardener is named at its table", "[plan][plugin][error]") {
  const Plugins plugins;
  const auto planned = plugins.plan("[hardener.plan-box]\n");
  CHECK(text_of(planned) ==
        "web.toml:1:11: error[P0201]: plugin 'plan-box' is a backend, not a hardener\n");
}

TEST_CASE("planner: explaining a plan asks the backend about every leaf", "[plan][plugin]") {
  const Plugins plugins;
  const auto planned = plugins.explain("");
  REQUIRE(planned);
  CHECK_FALSE(planned->refusal);
  CHECK(planned->prepared.answers.size() == contract::leaves(planned->draft.plan).size());
}

TEST_CASE("planner: a leaf that the chosen backend does not enforce refuses the plan",
          "[plan][plugin][error]") {
  const Plugins plugins;
  const std::string toml =
      "[process]\nhostname = \"box\"\n[backend.plan-box]\nrefuses = [\"/process/hostname\"]\n";
  const auto planned = plugins.explain(toml);
  REQUIRE(planned);
  REQUIRE(planned->refusal);
  CHECK(render(*planned->refusal) ==
        "web.toml:2:12: error[P0305]: backend 'plan-box' does not enforce '/process/hostname' = "
        "\"box\": the test says so\n"
        "  host name\n");
  auto launched = plugins.plan(toml);  // whose own step 9 comes later
  REQUIRE(text_of(launched) == "ok");
  plan::rehearse(*launched);
  CHECK(render(*launched->refusal) == render(*planned->refusal));
}
