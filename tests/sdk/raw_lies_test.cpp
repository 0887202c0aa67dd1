// The rules of the ABI itself, each broken by a plugin in C and seen by the suite.
#include <signal.h>
#include <stdlib.h>

#include "raw_plugin.hpp"
#include "support/catch.hpp"

using namespace paddock;
using test::RawPlugin;

namespace {

// "name: violation" of the failed check of that id.
std::string failure(const testing::Report& report, std::string_view id) {
  const testing::Check* check = report.find(id);
  if (check == nullptr || check->passed) {
    return "passed";
  }
  return check->text;
}

std::string failure_of_hook(const std::string& lie, std::string_view id) {
  const RawPlugin plugin(lie);
  return failure(testing::check_hook(plugin.subject()), id);
}

}  // namespace

TEST_CASE("conformance: an honest hook in C passes") {
  const RawPlugin plugin("");
  const testing::Report report = testing::check_hook(plugin.subject());
  CHECK(report.failures() == "");
  CHECK(report.checks.size() > 10);
}

TEST_CASE("conformance: a directory without a plugin is a failure, not a crash") {
  const test::TempDir empty;
  const testing::Report report = testing::check_hook({empty.path(), "{}", {}});
  CHECK_FALSE(report.passed());
  CHECK(failure(report, "API-02") ==
        "there is no 'id' in '" + (empty / "manifest.toml").string() + "'");
}

TEST_CASE("conformance: API-02 a second exported symbol is seen") {
  const RawPlugin plugin("", RawPlugin::kHook, "loud");
  CHECK(failure(testing::check_hook(plugin.subject()), "API-02") == "it exports 'raw_surplus'");
}

TEST_CASE("conformance: API-03 a wrong struct is seen") {
  CHECK(failure_of_hook("magic", "API-03") == "'magic' is not PADDOCK_MAGIC");
  CHECK(failure_of_hook("short", "API-03") == "'size' is too small");
  CHECK(failure_of_hook("null", "API-03") == "a function is null");
  CHECK(failure_of_hook("two-structs", "API-03") ==
        "two calls of paddock_plugin_v1() give two structs");
  CHECK(failure_of_hook("extension", "API-03") == "it knows an extension that does not exist");
}

TEST_CASE("conformance: API-04 another manifest than the file's is seen") {
  CHECK(failure_of_hook("manifest", "API-04") == "the embedded manifest is not manifest.toml");
}

TEST_CASE("conformance: API-06 a create that fails and writes is seen") {
  CHECK(failure_of_hook("writes-self", "API-06") == "a create that failed has written 'self'");
}

TEST_CASE("conformance: API-07 a failure without an error object is seen") {
  CHECK(failure_of_hook("silent", "API-07") == "'create': message 'Error' is not JSON at byte 1");
}

TEST_CASE("conformance: API-10 a plugin that does not hear a refusal is seen") {
  CHECK(failure_of_hook("deaf", "API-10") == "'run' returns 0 though nothing was taken");
}

TEST_CASE("conformance: API-07 a refused reply without an error object is seen") {
  CHECK(failure_of_hook("refused-silently", "API-07") ==
        "'run': message 'Error' is not JSON at byte 1");
}

TEST_CASE("conformance: a manifest is read however it is written") {
  const std::string head = "id='raw' # its name\nkind=\"hardener\"\n";
  for (const std::string methods :
       {"methods=[\"adjust\"]\n", "  methods = [ # all\n  'adjust', # but ]\n]\n"}) {
    const RawPlugin garbage("any-method", head + methods + "[[option]]\nmethods = []\n");
    CHECK(failure(testing::check_hardener(garbage.subject()), "HRD-03")
              .starts_with("'adjust' returns 1: "));
  }
  const RawPlugin silent("", head);
  CHECK(failure(testing::check_hardener(silent.subject()), "API-02")
            .starts_with("there is no 'methods' in '"));
}

TEST_CASE("conformance: API-15 what a plugin does to the process is seen") {
  setenv("RAW_VALUE", "mine", 1);
  CHECK(failure_of_hook("environment", "API-15") == "environment variable 'RAW_VALUE' changed");
  unsetenv("RAW_VALUE");
  CHECK(failure_of_hook("environment", "API-15") == "environment variable 'RAW_VALUE' came");
  unsetenv("RAW_VALUE");
  const std::string opened = failure_of_hook("opens", "API-15");
  CHECK(opened.starts_with("descriptor '"));
  CHECK(opened.ends_with("' came"));
  CHECK(failure_of_hook("signal", "API-15").starts_with("'SigIgn:\t"));
  signal(SIGUSR2, SIG_DFL);
}

TEST_CASE("conformance: API-13 a plugin that knows every method is seen") {
  CHECK(failure_of_hook("any-method", "API-13") == "'' returns 1");
}

TEST_CASE("conformance: API-14 a manifest that lacks a method is seen") {
  const RawPlugin hook("", "id = \"raw\"\nkind = \"hook\"\nmethods = []\n");
  CHECK(failure(testing::check_hook(hook.subject()), "API-14") == "'run' is missing");
  const RawPlugin backend("", "id = \"raw\"\nkind = \"backend\"\nmethods = [\"probe\"]\n");
  CHECK(failure(testing::check_backend(backend.subject()), "API-14") == "'prepare' is missing");
}

TEST_CASE("conformance: MSG-01 a plugin that answers garbage is seen") {
  CHECK(failure_of_hook("any-request", "MSG-01") == "'run' answers ''");
}

TEST_CASE("conformance: HOK-01 a reply that is no message is seen") {
  CHECK(failure_of_hook("prose", "HOK-01") == "message 'Empty' is not JSON at byte 2");
  CHECK(failure_of_hook("surplus", "HOK-01") ==
        "message 'Empty': '/fine' is not a member that the contract knows");
}
