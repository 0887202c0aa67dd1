// The shipped Containerfile, built by real engines without a network, out of what this machine has.
#include <fstream>
#include <sstream>

#include "engines/image.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* kBase = "docker.io/library/debian:stable-slim";
const fs::path kShipped = PADDOCK_SOURCE_DIR "/profiles/agent/Containerfile";

/// The packages that it installs, by its own words.
std::vector<std::string> packages() {
  std::istringstream lines(read_text(kShipped));
  std::vector<std::string> names;
  for (std::string line, word; std::getline(lines, line);) {
    if (line.starts_with("      ca-certificates ")) {
      for (std::istringstream words(line); words >> word;) {
        if (word != "\\") {
          names.push_back(word.substr(0, word.find(';')));
        }
      }
    }
  }
  return names;
}

bool are_installed(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string plain = "/var/lib/dpkg/info/" + name + ".list";
    std::error_code ignored;
    if (!fs::exists(plain, ignored) &&
        !fs::exists("/var/lib/dpkg/info/" + name + ":amd64.list", ignored)) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("agent-image: its Containerfile builds offline, and its programs run proved",
          "[engine][image][agent]") {
  NEEDS_ENGINES();
  const auto names = packages();
  REQUIRE(names.size() > 5);
  if (!are_installed(names)) {
    PADDOCK_SKIP("the packages of the agent's image are not installed here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World files(engine.uid);
    World maker;
    maker.program = PADDOCK_SOURCE_DIR "/tests/engines/debian.py";
    const fs::path folder = files.profiles() / "agent";
    std::vector<std::string> arguments = {files.root() / "base.tar", folder / "packages"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    files.write(folder / "Containerfile", read_text(kShipped));
    const Ran made = maker.run(arguments);
    CAPTURE(made.err);
    REQUIRE(made.status == 0);
    files.profile("mine", "extends = [\"agent\"]\n[image]\nbuild = \"agent/Containerfile\"\n");
    engine.use(files);
    const Ran base =
        files.run({"image", "import", files.root() / "base.tar", kBase, "-b", engine.id});
    CAPTURE(base.err);
    REQUIRE(base.status == 0);
    Started build = files.start({"image", "build", "mine", "-b", engine.id});
    REQUIRE(build.await_exit(std::chrono::seconds(300)));
    const Ran built = build.wait();
    CAPTURE(built.err);
    REQUIRE(built.status == 0);
    const Ran ran = files.run({"run", "mine", "--", "sh", "-c",
                               "git --version; node -e 'console.log(6*7)'; "
                               "python3 -c 'print(6*7)'; curl --version >/dev/null && id -u"});
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.out.rfind("git version ", 0) == 0);
    CHECK(ran.out.find("\n42\n42\n" + work_id(engine) + "\n") != std::string::npos);
    CHECK(engine.containers().empty());
    const std::string name = built.out.substr(0, built.out.find('\t'));
    CHECK(files.run({"image", "rm", name, kBase, "-b", engine.id}).status == 0);
  }
}
