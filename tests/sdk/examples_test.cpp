// The examples do what they say, and are as short as they promise.
#include <algorithm>

#include "paddock/testing/conformance.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;

namespace {

const std::string kPlugins = PADDOCK_BUILD_DIR "/sdk/examples/plugins/";

std::string source(const std::string& name) {
  return test::read_text(std::string(PADDOCK_SOURCE_DIR "/sdk/") + name);
}

std::ptrdiff_t count(const std::string& text, const std::string& what) {
  std::ptrdiff_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("examples: a hardener is at most 40 lines from one include") {
  for (const char* file : {"examples/tight-limits/tight_limits.cpp", "template/my_hardener.cpp"}) {
    const std::string text = source(file);
    CHECK(count(text, "\n") <= 40);
    CHECK(count(text, "#include") == 1);
    CHECK(count(text, "#include \"paddock/sdk.hpp\"") == 1);
  }
}

TEST_CASE("examples: tight-limits passes its suite") {
  const auto report = testing::check_hardener(
      {kPlugins + "tight-limits", R"({"open_files":256,"hide":["/srv"]})", {}});
  CHECK(report.failures() == "");
}

TEST_CASE("examples: run-log passes its suite and writes a line for each phase") {
  const test::TempDir directory;
  const std::string file = (directory / "log").string();
  const auto report =
      testing::check_hook({kPlugins + "run-log", R"({"file":")" + file + R"("})", {}});
  CHECK(report.failures() == "");
  const std::string text = test::read_text(file);
  CHECK(count(text, "conformance (conformance) starts\n") > 0);
  CHECK(count(text, "conformance (conformance) stopped with exit code 3\n") > 0);
}
