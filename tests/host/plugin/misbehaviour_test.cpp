// Plugins that load well and then break the contract: in this process, on its main thread or one
// beside it, and in a child.
#include "base/render.hpp"
#include "host/plugin/broken_plugin.hpp"
#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace)
using paddock::test::BrokenPlugin;
using paddock::test::drive;

namespace {

struct Row {
  std::string wrong;
  std::string message;  ///< after "paddock: "
};

const std::vector<std::string> kModes = {"in-process", "beside", "child"};
const std::vector<std::string> kInside = {"in-process", "beside"};
const std::vector<std::string> kMethods = {"require", "adjust", "review",
                                           "attach",  "verify", "release"};

const std::string kTalksTooMuch = "it logs more than 10000 lines or 4 MiB";

std::string misbehaves(const std::string& method, const std::string& how) {
  return "paddock: error[P0206]: plugin 'broken' misbehaves in '" + method + "': " + how + "\n";
}

std::string dies(const std::string& method, const std::string& how) {
  return "paddock: error[P0208]: plugin 'broken' dies in '" + method + "': " + how + "\n";
}

std::string crashes(const std::string& method, const std::string& how) {
  return "paddock: error[P0208]: plugin 'broken' crashes in '" + method + "': " + how + "\n";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plugin calls: a reply comes back the same from either mode", "[plugin]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    const auto driven = drive(plugin, mode, "nothing", "never", "adjust");
    CHECK(driven.status == 0);
    CHECK(driven.out == "{}\n");
    CHECK(driven.err.empty());
  }
}

TEST_CASE("plugin calls: every broken answer has its message, in either mode",
          "[plugin][error][PL04][PL16]") {
  const BrokenPlugin plugin;
  const std::vector<Row> rows = {
      {"throw", "an exception left it"},
      {"unknown-status", "unknown status 77"},
      {"bad-utf8", "its reply is not UTF-8"},
      {"oversize", "its reply is over 4 MiB"},
      {"null-bytes", "its reply is over 4 MiB"},
      {"gigabyte", "its reply is over 4 MiB"},
      {"log-lines", kTalksTooMuch},
      {"log-bytes", kTalksTooMuch},
  };
  for (const std::string& mode : kModes) {
    for (const Row& row : rows) {
      const auto driven = drive(plugin, mode, row.wrong, "adjust", "adjust");
      CAPTURE(mode, row.wrong);
      CHECK(driven.err == misbehaves("adjust", row.message));
      CHECK(driven.status == 4);
    }
  }
}

TEST_CASE("plugin calls: a failure must come with an error object", "[plugin][error]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    CAPTURE(mode);
    CHECK(drive(plugin, mode, "fail", "adjust", "adjust").err ==
          "paddock: error[P0303]: no rain today\n"
          "  plugin 'broken', method 'adjust'\n");
    const auto silent = drive(plugin, mode, "fail-silently", "adjust", "adjust");
    CHECK(silent.status == 4);
    CHECK_THAT(silent.err,
               Catch::Matchers::StartsWith(
                   "paddock: error[P0206]: plugin 'broken' misbehaves in 'adjust': status 1 "
                   "without a valid error object: "));
  }
}

TEST_CASE("plugin calls: an error does not speak for paddock", "[plugin][error]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    CAPTURE(mode);
    CHECK(drive(plugin, mode, "impersonate", "adjust", "adjust").err ==
          "paddock: error[P0209]: no command\n  plugin 'broken', method 'adjust'\n");
    CHECK(drive(plugin, mode, "point", "adjust", "adjust").err ==
          "web.toml:3:1: error[P0114]: no such rain\n  plugin 'broken', method 'adjust'\n");
  }
}

TEST_CASE("plugin calls: a reply that does not decode is misbehaviour", "[plugin][error]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    CAPTURE(mode);
    const auto driven = drive(plugin, mode, "garbage", "adjust", "adjust-typed");
    CHECK(driven.status == 4);
    CHECK_THAT(driven.err,
               Catch::Matchers::StartsWith(
                   "paddock: error[P0206]: plugin 'broken' misbehaves in 'adjust': bad reply: "));
  }
}

TEST_CASE("plugin calls: log lines carry the plugin's id, from either mode", "[plugin]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    CHECK(contains(drive(plugin, mode, "log", "adjust", "adjust").err, "plugin 'broken': a word"));
  }
}

TEST_CASE("plugin calls: threads that log at once do not mix their lines", "[plugin]") {
  const BrokenPlugin plugin;
  const std::string line = "paddock: warning: plugin 'broken': " + std::string(1986, 'x') + "\n";
  std::string lines;
  for (int i = 0; i < 1000; ++i) {
    lines += line;
  }
  for (const std::string& mode : kModes) {
    CAPTURE(mode);
    const auto driven = drive(plugin, mode, "log-threads", "adjust", "adjust");
    CHECK(driven.out == "{}\n");
    CHECK((driven.err == lines));  // two megabytes are nothing to show
  }
}

TEST_CASE("plugin calls: a child's death in any method is reported with its cause",
          "[plugin][PL05]") {
  const BrokenPlugin plugin;
  for (const std::string& method : kMethods) {
    CAPTURE(method);
    const auto driven = drive(plugin, "child", "segv", method, method);
    CHECK(driven.err == dies(method, "killed by signal 11 (Segmentation fault)"));
    CHECK(driven.status == 4);
  }
  CHECK(drive(plugin, "child", "abort", "adjust", "adjust").err ==
        dies("adjust", "killed by signal 6 (Aborted)"));
  CHECK(drive(plugin, "child", "overflow", "review", "review").err ==
        dies("review", "killed by signal 11 (Segmentation fault)"));
}

TEST_CASE("plugin calls: a reply that points nowhere is a crash, not an answer", "[plugin][PL16]") {
  const BrokenPlugin plugin;
  const auto child = drive(plugin, "child", "dangling", "adjust", "adjust");
  CHECK(child.err == dies("adjust", "killed by signal 11 (Segmentation fault)"));
  CHECK(child.status == 4);
  const auto here = drive(plugin, "in-process", "dangling", "adjust", "adjust");
  CHECK(here.err == crashes("adjust", "segmentation fault"));
  CHECK(here.status == 125);
}

TEST_CASE("plugin calls: exit(0) of a child is a failure", "[plugin][PL05]") {
  const BrokenPlugin plugin;
  for (const std::string wrong : {"exit", "quick-exit"}) {
    const auto driven = drive(plugin, "child", wrong, "adjust", "adjust");
    CHECK(driven.err == dies("adjust", "it exits with status 0"));
    CHECK(driven.status == 4);
  }
}

TEST_CASE("plugin calls: create() may break as well", "[plugin][PL05]") {
  const BrokenPlugin plugin;
  CHECK(drive(plugin, "child", "segv", "create", "").err ==
        dies("create", "killed by signal 11 (Segmentation fault)"));
  CHECK(drive(plugin, "child", "throw", "create", "").err ==
        misbehaves("create", "an exception left it"));
  CHECK(drive(plugin, "in-process", "throw", "create", "").err ==
        misbehaves("create", "an exception left it"));
  CHECK(drive(plugin, "in-process", "segv", "create", "").err ==
        crashes("create", "segmentation fault"));
}

TEST_CASE("plugin calls: a crash in this process ends it with 125 and names the plugin",
          "[plugin][PL05]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kInside) {
    for (const std::string& method : kMethods) {
      CAPTURE(mode, method);
      const auto driven = drive(plugin, mode, "segv", method, method);
      CHECK(driven.err == crashes(method, "segmentation fault"));
      CHECK(driven.status == 125);
    }
    CHECK(drive(plugin, mode, "overflow", "adjust", "adjust").err ==
          crashes("adjust", "segmentation fault"));
    CHECK(drive(plugin, mode, "abort", "adjust", "adjust").err == crashes("adjust", "aborted"));
    CHECK(drive(plugin, mode, "abort", "destroy", "adjust").err == crashes("destroy", "aborted"));
    const auto left = drive(plugin, mode, "exit", "adjust", "adjust");
    CHECK(left.err == "paddock: error[P0206]: plugin 'broken' calls exit() in 'adjust'\n");
    CHECK(left.status == 125);
  }
}

TEST_CASE("plugin calls: a jump to a dead frame does not go unseen", "[plugin][PL04]") {
  const BrokenPlugin plugin;
  // The C library's own line comes first.
  CHECK(contains(drive(plugin, "in-process", "longjmp", "adjust", "adjust").err,
                 crashes("adjust", "aborted")));
  CHECK(contains(drive(plugin, "child", "longjmp", "adjust", "adjust").err,
                 dies("adjust", "killed by signal 6 (Aborted)")));
}

TEST_CASE("plugin calls: a hang ends at the deadline, in either mode", "[plugin][PL06]") {
  const BrokenPlugin plugin;
  for (const std::string wrong : {"hang", "spin"}) {
    const auto child = drive(plugin, "child", wrong, "adjust", "adjust", 300);
    CHECK(child.err ==
          "paddock: error[P0207]: plugin 'broken' does not answer 'adjust' within 300 ms\n");
    CHECK(child.status == 4);
    CHECK(child.took < std::chrono::seconds(10));
    for (const std::string& mode : kInside) {
      const auto here = drive(plugin, mode, wrong, "adjust", "adjust", 300);
      CHECK(here.err ==
            "paddock: error[P0207]: plugin 'broken' does not answer in 'adjust' in time\n");
      CHECK(here.status == 125);
      CHECK(here.took < std::chrono::seconds(10));
    }
  }
}

TEST_CASE("plugin calls: a call ends when the user interrupts, in either mode", "[plugin]") {
  const BrokenPlugin plugin;
  const std::string given_up =
      "paddock: error[P0703]: interrupted by the user\n"
      "  plugin 'broken', method 'adjust': given up\n";
  for (const std::string& mode : kModes) {
    CAPTURE(mode);
    CHECK(drive(plugin, mode, "nothing", "never", "adjust", 10'000, 0).status == 0);
    const auto driven = drive(plugin, mode, "wait", "adjust", "adjust", 30'000, 100);
    CHECK(driven.err == given_up);
    CHECK(driven.took < std::chrono::seconds(15));
  }
  CHECK(drive(plugin, "child", "wait-cancel", "adjust", "adjust", 30'000, 100).err == given_up);
}

TEST_CASE("plugin calls: a child that does not hear an interrupt is ended", "[plugin][PL06]") {
  const auto driven = drive(BrokenPlugin(), "child", "hang", "adjust", "adjust", 30'000, 100);
  CHECK(driven.err ==
        "paddock: error[P0703]: plugin 'broken' does not end 'adjust' when interrupted\n");
  CHECK(driven.took < std::chrono::seconds(15));
}

TEST_CASE("plugin calls: a call is asked to end before its deadline", "[plugin][PL06]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    CAPTURE(mode);
    CHECK(drive(plugin, mode, "wait", "adjust", "adjust", 3'000).err ==
          "paddock: error[P0207]: plugin 'broken' does not finish 'adjust' in time\n"
          "  plugin 'broken', method 'adjust': given up\n");
    CHECK(drive(plugin, mode, "gives-up", "adjust", "adjust").err ==
          misbehaves("adjust", "it gives up, though nobody asked it to"));
  }
}

TEST_CASE("plugin calls: a child that was asked to end serves the next call", "[plugin]") {
  const BrokenPlugin plugin;
  const auto registry = plugin::Registry::discover(plugin.settings(plugin::Mode::kChildProcess));
  contract::Config config;
  config.values.text = R"({"at":"adjust","do":"wait"})";
  const auto instance = registry->load(**registry->find("broken"), contract::encode(config));
  REQUIRE(instance);
  for (int i = 0; i < 2; ++i) {
    const auto late = (*instance)->call("adjust", "{}", std::chrono::seconds(1));
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::kPluginTimeout);
    CHECK((*instance)->call("review", "{}"));
  }
}

TEST_CASE("plugin calls: a child that hangs in destroy() is ended", "[plugin][PL06]") {
  const auto driven = drive(BrokenPlugin(), "child", "hang", "destroy", "adjust");
  CHECK(driven.status == 0);
  CHECK(contains(driven.err, "plugin 'broken' did not end in order: killed by signal 9"));
}

TEST_CASE("plugin calls: a constructor that leaves is a failure", "[plugin][PL05]") {
  const BrokenPlugin plugin("constructor-exits");
  CHECK(drive(plugin, "child", "nothing", "never", "adjust").err ==
        dies("load", "it exits with status 0"));
  const auto here = drive(plugin, "in-process", "nothing", "never", "adjust");
  CHECK(here.err == "paddock: error[P0206]: plugin 'broken' calls exit() in 'load'\n");
  CHECK(here.status == 125);
}

TEST_CASE("plugin calls: a child's struct is checked as one in this process", "[plugin]") {
  CHECK(drive(BrokenPlugin("short"), "child", "nothing", "never", "adjust").err ==
        "paddock: error[P0205]: plugin 'broken' breaks the ABI: its struct has 24 bytes, 72 are "
        "needed\n");
}

TEST_CASE("plugin calls: a dead child stays dead", "[plugin]") {
  const BrokenPlugin plugin;
  const auto registry = plugin::Registry::discover(plugin.settings(plugin::Mode::kChildProcess));
  contract::Config config;
  config.values.text = R"({"at":"adjust","do":"abort"})";
  const auto instance = registry->load(**registry->find("broken"), contract::encode(config));
  REQUIRE(instance);
  CHECK((*instance)->call("review", "{}"));
  CHECK_FALSE((*instance)->call("adjust", "{}"));
  const auto after = (*instance)->call("review", "{}");
  REQUIRE_FALSE(after);
  CHECK(
      render(after.error()) ==
      "paddock: error[P0208]: plugin 'broken' is asked for 'review', but its process has ended\n");
}

TEST_CASE("plugin calls: the host calls no method that the manifest does not list", "[plugin]") {
  const BrokenPlugin plugin;
  for (const std::string& mode : kModes) {
    CHECK(drive(plugin, mode, "nothing", "never", "probe").err ==
          "paddock: error[P0304]: plugin 'broken' does not answer 'probe'\n");
  }
}
