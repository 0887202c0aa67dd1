// CASES.md rule 8 under attack: something swaps a folder of the project for a link while paddock
// launches. Every launch shows the folder that was meant, or is refused; none shows the link's end.
#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;
namespace fs = std::filesystem;

namespace {

constexpr int kFewest = 20;
constexpr int kMost = 400;

/// project/x is a folder, project/y a link to the user's secret folder.
struct Trap : World {
  Trap() {
    write(project() / "x/id", "mine\n");
    write(home() / "papers/id", "canary\n");
    fs::create_directory_symlink("../home/papers", project() / "y");
    profile("inner", "extends = ['quickstart']\n[workspace]\nroot = '${cwd}/x'\n");
  }
};

/// Exchanges x and y until it is destroyed: in bursts, so that some launches fit between two.
class Swapper {
 public:
  explicit Swapper(const fs::path& project) {
    thread_ = std::thread([this, x = (project / "x").string(), y = (project / "y").string()] {
      using std::chrono::milliseconds;
      for (int round = 0; !done_; ++round) {
        const auto end = std::chrono::steady_clock::now() + milliseconds(round % 5 * 20);
        do {
          for (int i = 0; i < 2; ++i) {  // twice: a burst ends as it began
            ::renameat2(AT_FDCWD, x.c_str(), AT_FDCWD, y.c_str(), RENAME_EXCHANGE);
          }
        } while (std::chrono::steady_clock::now() < end && !done_);
        std::this_thread::sleep_for(milliseconds(round % 8 * 25));
      }
    });
  }
  ~Swapper() {
    done_ = true;
    thread_.join();
  }
  Swapper(const Swapper&) = delete;
  Swapper& operator=(const Swapper&) = delete;

 private:
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

/// Enters project/x itself, never what a link in its place leads to.
void enter_folder(const fs::path& project) {
  int fd = -1;
  while (fd < 0) {
    fd = ::open((project / "x").c_str(), O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  }
  if (::fchdir(fd) != 0) {
    ::_exit(121);
  }
}

struct Tally {
  int shown = 0, refused = 0, leaked = 0;
};

/// What the profile, the plan, the backend and bwrap say of a path that changed.
bool is_refusal(const std::string& message) {
  const std::vector<std::string> known = {
      "error[P0133]: cannot reach '", "error[P0133]: 'root' in [workspace] leads out of '",
      "' changed after it was checked: ", "is not what was planned: ",
      "error[P0502]: bwrap could not build the sandbox\n"};
  return std::any_of(known.begin(), known.end(), [&](const std::string& text) {
    return message.find(text) != std::string::npos;
  });
}

/// Launches until both outcomes were seen, and often enough.
Tally launch_many(const World& world, const std::string& profile) {
  Tally tally;
  for (int i = 0; i < kMost && (i < kFewest || tally.shown == 0 || tally.refused == 0); ++i) {
    const Ran ran = world.run({"run", profile, "--", "cat", "/workspace/id"});
    tally.leaked += ran.out.find("canary") != std::string::npos ? 1 : 0;
    if (ran.status == 0) {
      CHECK(ran.out == "mine\n");
      ++tally.shown;
    } else {
      INFO(ran.err);
      CHECK(ran.status == 125);
      CHECK(ran.out.empty());
      CHECK(is_refusal(ran.err));
      ++tally.refused;
    }
  }
  return tally;
}

}  // namespace

TEST_CASE("mount race: standing in a folder that is swapped for a link, nothing leaks",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  Trap world;
  CHECK(read_text(world.project() / "y/id") == "canary\n");  // the link does lead there
  world.in_child = [project = world.project()] { enter_folder(project); };
  CHECK(world.shell("cat /workspace/id").out == "mine\n");
  const Swapper swapper(world.project());
  const Tally tally = launch_many(world, "quickstart");
  CHECK(tally.leaked == 0);
  CHECK(tally.shown > 0);
  CHECK(tally.refused > 0);
}

TEST_CASE("mount race: a workspace below the folder is swapped for a link, nothing leaks",
          "[integration][case]") {
  NEEDS_SANDBOXES();
  const Trap world;
  CHECK(world.shell("cat /workspace/id", "inner").out == "mine\n");
  const Swapper swapper(world.project());
  const Tally tally = launch_many(world, "inner");
  CHECK(tally.leaked == 0);
  CHECK(tally.shown > 0);
  CHECK(tally.refused > 0);
}
