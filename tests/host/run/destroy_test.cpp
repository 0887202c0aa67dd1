#include "run/destroy.hpp"

#include <unistd.h>

#include <cstdlib>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::run;

namespace {

/// What keeps a workspace from being removed.
std::string refusal(const std::filesystem::path& workspace) {
  const test::TempDir dir;
  const Store store(dir / "state");
  State state;
  state.name = "box";
  state.backend = {"bubblewrap", "{}"};
  state.workspace = workspace;
  {
    const auto lock = store.claim("box");
    REQUIRE(lock);
    REQUIRE(store.save(state));
    REQUIRE(store.retire("box"));
  }
  const auto doomed = look_for_destroy(store, "box", true);
  return doomed ? "" : doomed.error().what;
}

}  // namespace

TEST_CASE("destroy: what is more than a workspace stays", "[destroy]") {
  const test::TempDir dir;
  std::filesystem::create_directories(dir / "home/project");
  const std::string old = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  ::setenv("HOME", (dir / "home").c_str(), 1);
  const std::string home = (dir / "home").string();
  const auto refused = [](const std::filesystem::path& workspace) {
    return "the workspace '" + workspace.string() + "' is not removed: ";
  };
  CHECK(refusal(dir / "home") == refused(dir / "home") + "'" + home + "' is in it");
  CHECK(refusal(dir.path()) == refused(dir.path()) + "'" + home + "' is in it");
  CHECK(refusal("/proc").find("is mounted there") != std::string::npos);
  CHECK(refusal("") == "sandbox 'box' has no workspace");
  CHECK(refusal(dir / "home/project").empty());
  CHECK(refusal(dir / "home/gone").empty());
  ::setenv("HOME", old.c_str(), 1);
}
