// Step 5, when it does not: conflicts and illegal ops, whole texts.
#include "host/plan/sample.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::draft_of;
using test::removal;
using test::text_of;
using test::wish;

namespace {

std::string error_of(const plan::Draft& base,
                     std::vector<plan::Wishes> wishes,
                     const std::map<std::string, std::string>& resolve = {}) {
  return text_of(plan::merge(base, std::move(wishes), resolve));
}

std::string error_of(plan::Wishes one) {
  return error_of(draft_of(""), {std::move(one)});
}

}  // namespace

TEST_CASE("merge: a conflict names both plugins, values, reasons, lines and the way out",
          "[plan][error][PL11]") {
  CHECK(error_of(draft_of(""), {wish("beta", "/process/hostname", "\"two\"", 9),
                                wish("alpha", "/process/hostname", "\"one\"", 4)}) ==
        "web.toml:4:1: error[P0301]: 'alpha' and 'beta' want different values for "
        "'/process/hostname'\n"
        "  'alpha' (web.toml:4:1) wants \"one\": because alpha\n"
        "  'beta' (web.toml:9:1) wants \"two\": because beta\n"
        "  hint: say who wins in your profile: [resolve] \"/process/hostname\" = \"alpha\"\n");
}

TEST_CASE("merge: a plugin against the profile's own word is a conflict too", "[plan][error]") {
  CHECK(error_of(draft_of("process.init = true\n"), {wish("alpha", "/process/init", "false", 4)}) ==
        "web.toml:1:16: error[P0301]: 'profile' and 'alpha' want different values for "
        "'/process/init'\n"
        "  'profile' (web.toml:1:16) wants true: written in the profile\n"
        "  'alpha' (web.toml:4:1) wants false: because alpha\n"
        "  hint: say who wins in your profile: [resolve] \"/process/init\" = \"profile\"\n");
}

TEST_CASE("merge: the value of a variable is in no message", "[plan][error]") {
  const std::string text =
      error_of(draft_of(""), {wish("alpha", "/process/environment/TOKEN", "\"hunter2\""),
                              wish("beta", "/process/environment/TOKEN", "\"hunter3\"")});
  CHECK(text ==
        "paddock: error[P0301]: 'alpha' and 'beta' want different values for "
        "'/process/environment/TOKEN'\n"
        "  'alpha' wants \"(not shown)\": because alpha\n"
        "  'beta' wants \"(not shown)\": because beta\n"
        "  hint: say who wins in your profile: [resolve] \"/process/environment/TOKEN\" = "
        "\"alpha\"\n");
}

TEST_CASE("merge: [resolve] for one who asks nothing is an error", "[plan][error]") {
  CHECK(error_of(draft_of(""),
                 {wish("alpha", "/process/hostname", "\"one\""),
                  wish("beta", "/process/hostname", "\"two\"")},
                 {{"/process/hostname", "alhpa"}}) ==
        "paddock: error[P0114]: [resolve] gives '/process/hostname' to 'alhpa', which asks nothing "
        "of it\n"
        "  hint: did you mean 'alpha'?\n");
}

TEST_CASE("merge: an unknown path is refused with the nearest", "[plan][error]") {
  CHECK(error_of(wish("alpha", "/process/hostnam", "\"x\"", 3)) ==
        "web.toml:3:1: error[P0302]: plugin 'alpha' asks for '/process/hostnam', which is no leaf "
        "of the plan\n"
        "  hint: did you mean '/process/hostname'?\n");
}

TEST_CASE("merge: widening is refused, whoever asks", "[plan][error]") {
  plan::Wishes widen = wish("alpha", "/security/capabilities", R"(["CAP_SYS_ADMIN"])");
  widen.ops.front().kind = contract::OpKind::kWiden;
  CHECK(error_of(std::move(widen)) ==
        "paddock: error[P0302]: plugin 'alpha' asks to widen '/security/capabilities', and no "
        "profile can grant that in this version of paddock\n"
        "  hint: set the value in your own profile, or take the plugin out of it\n");
}

TEST_CASE("merge: values of the wrong type or meaning are refused with the plugin's name",
          "[plan][error]") {
  const std::vector<std::pair<plan::Wishes, std::string>> cases{
      {wish("x", "/security/no_new_privs", "1"),
       "plugin 'x' asks for '/security/no_new_privs' = 1, which is not true or false"},
      {wish("x", "/security/no_new_privs", "{"),
       "plugin 'x' asks for '/security/no_new_privs' = {, which is not JSON"},
      {wish("x", "/resources/pids", "-1"),
       "plugin 'x' asks for '/resources/pids' = -1, which is not an integer from 0 on"},
      {wish("x", "/security/capabilities", R"(["CAP_CHWON"])"),
       "plugin 'x' asks for '/security/capabilities' = [\"CAP_CHWON\"], which names 'CAP_CHWON', "
       "which is no capability"},
      {wish("x", "/security/masked_paths", R"(["proc/keys"])"),
       "plugin 'x' asks for '/security/masked_paths' = [\"proc/keys\"], which names 'proc/keys', "
       "which is not an absolute path in plain form"},
      {wish("x", "/security/rlimits/nofiles", "5"),
       "plugin 'x' asks for '/security/rlimits/nofiles' = 5, which names 'nofiles', which is no "
       "resource limit of the kernel"},
      {wish("x", "/process/umask", "\"22\""),
       "plugin 'x' asks for '/process/umask' = \"22\", which is not four octal digits"},
      {wish("x", "/network/mode", "\"open\""),
       "plugin 'x' asks for '/network/mode' = \"open\", which is not a value of this setting"},
      {wish("x", "/process/user/uid", "0"),
       "plugin 'x' asks for '/process/user/uid' = 0, which is root, and a sandbox never runs as "
       "root"},
      {wish("x", "/mounts/~1data", "{}"),
       "plugin 'x' asks for '/mounts/~1data' = {}, which is not a mount"},
  };
  for (const auto& [one, text] : cases) {
    CHECK(error_of(one) == "paddock: error[P0302]: " + text + "\n");
  }
}

TEST_CASE("merge: what only the plan's decoder sees is blamed on the one who asked",
          "[plan][error]") {
  const std::string text = error_of(draft_of(""), {wish("a", "/process/hostname", "\"ok\""),
                                                   wish("b", "/process/terminal", "\"yes\"", 6)});
  CHECK(text.rfind("web.toml:6:1: error[P0302]: plugin 'b' asks for '/process/terminal' = \"yes\", "
                   "which the plan cannot hold: ",
                   0) == 0);
}

TEST_CASE("merge: no plugin shows the sandbox more of the machine", "[plan][error]") {
  const std::string bind =
      R"({"type":"bind","source":"/srv","read_only":true,"executable":true,"size_bytes":0,"purpose":"mount"})";
  CHECK(error_of(wish("x", "/mounts/~1data", bind)) ==
        "paddock: error[P0302]: plugin 'x' asks for '/mounts/~1data' = " + bind +
            ", which would show the sandbox more of this machine\n");
  const plan::Draft base = draft_of("[[mounts]]\ntarget = \"/data\"\nsource = \"/srv\"\n");
  const std::string writable =
      R"({"type":"bind","source":"/srv","read_only":false,"executable":true,"size_bytes":0,"purpose":"mount"})";
  CHECK(error_of(base, {wish("x", "/mounts/~1data", writable)}) ==
        "paddock: error[P0302]: plugin 'x' asks for '/mounts/~1data' = " + writable +
            ", which would loosen the mount that the profile declares\n");
}

TEST_CASE("merge: a limit cannot be removed", "[plan][error]") {
  CHECK(error_of(removal("x", "/security/rlimits/nofile")) ==
        "paddock: error[P0302]: plugin 'x' asks to remove '/security/rlimits/nofile', which would "
        "loosen the plan or is not an entry of a map\n"
        "  hint: only mounts, environment variables and published ports can be removed\n");
}

TEST_CASE("merge: a plugin cannot ask for fewer CPUs than the kernel can limit to",
          "[plan][error]") {
  CHECK(error_of(wish("alpha", "/resources/cpus_milli", "10")) == "ok");
  CHECK(error_of(wish("alpha", "/resources/cpus_milli", "9")) ==
        "paddock: error[P0302]: plugin 'alpha' asks for '/resources/cpus_milli' = 9, which is less "
        "than the kernel can limit to: 10\n");
}
