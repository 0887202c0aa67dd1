// A bind's source is a file that was judged, not a string: what a path leads to may change.
#include "plan/pin.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "host/plan/sample.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace paddock;
using test::draft_of;
using test::text_of;
namespace fs = std::filesystem;

namespace {

/// A workspace at ROOT/work, and what must stay out of it at ROOT/secret.
struct Place {
  Place() {
    fs::create_directories(root / "work/inner");
    fs::create_directories(root / "secret");
  }
  plan::Draft draft(const std::string& workspace = "work") const {
    return draft_of("workspace.root = \"" + (root / workspace).string() + "\"\n");
  }
  std::string refusal(const std::string& workspace, const std::string& why) const {
    return "web.toml:1:18: error[P0133]: '" + (root / workspace).string() +
           "' changed after it was checked: " + why +
           "\n  hint: something replaces it, a running sandbox perhaps: stop that and try again\n";
  }
  contract::FileIdentity identity(const std::string& name) const {
    struct stat status {};
    REQUIRE(::stat((root / name).c_str(), &status) == 0);
    return {status.st_dev, status.st_ino};
  }
  test::TempDir dir;
  fs::path root = fs::canonical(dir.path());
};

std::string pinned(plan::Draft& draft) {
  const auto result = plan::pin_sources(draft);
  return result ? "pinned" : render(result.error());
}

}  // namespace

TEST_CASE("pin: every bind gets the identity of its source, no tmpfs does", "[plan]") {
  const Place place;
  plan::Draft draft = place.draft();
  REQUIRE(pinned(draft) == "pinned");
  CHECK(draft.plan.mounts.at("/workspace").identity == place.identity("work"));
  CHECK(draft.plan.mounts.at("/tmp").type == contract::MountType::kTmpfs);
  CHECK_FALSE(draft.plan.mounts.at("/tmp").identity.has_value());
}

TEST_CASE("pin: a link, wherever it is put, is refused", "[plan][error]") {
  const Place place;
  plan::Draft last = place.draft();
  plan::Draft middle = place.draft("work/inner");
  REQUIRE(pinned(last) == "pinned");
  REQUIRE(pinned(middle) == "pinned");
  fs::rename(place.root / "work", place.root / "moved");
  fs::create_directory_symlink("moved", place.root / "work");
  CHECK(pinned(last) == place.refusal("work", "a part of it is a link now"));
  CHECK(pinned(middle) == place.refusal("work/inner", "a part of it is a link now"));
}

TEST_CASE("pin: what is gone, or no file or folder any more, is refused", "[plan][error]") {
  const Place place;
  plan::Draft draft = place.draft("work/inner");
  fs::remove(place.root / "work/inner");
  CHECK(pinned(draft) == place.refusal("work/inner", "No such file or directory"));
  REQUIRE(::mkfifo((place.root / "work/inner").c_str(), 0600) == 0);
  CHECK(pinned(draft) == place.refusal("work/inner", "it is neither a file nor a folder now"));
}

TEST_CASE("pin: in a race it is the folder or a refusal, never the link's target",
          "[plan][error]") {
  const Place place;
  fs::create_directory_symlink("secret", place.root / "link");
  const auto secret = place.identity("secret");
  std::atomic<bool> done = false;
  std::thread swapper([&] {
    while (!done) {
      ::renameat2(AT_FDCWD, (place.root / "work").c_str(), AT_FDCWD, (place.root / "link").c_str(),
                  RENAME_EXCHANGE);
    }
  });
  int found = 0;
  int refused = 0;
  int leaked = 0;
  for (int i = 0; i < 20000 && (i < 2000 || found == 0 || refused == 0); ++i) {
    plan::Draft draft = place.draft();
    if (!plan::pin_sources(draft)) {
      ++refused;
    } else {
      (draft.plan.mounts.at("/workspace").identity == secret ? leaked : found)++;
    }
  }
  done = true;
  swapper.join();
  CHECK(leaked == 0);
  CHECK(found > 0);
  CHECK(refused > 0);
}
