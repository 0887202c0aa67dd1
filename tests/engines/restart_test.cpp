// An engine that is killed and comes back while a sandbox runs on it.
#include <cstdlib>
#include <filesystem>

#include "engines/engine.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

using namespace paddock::test;

namespace {

/// An engine of its own: the others run for the other tests.
class OwnEngine {
 public:
  explicit OwnEngine(const TestEngine& like)
      : kind_(like.name), link_(std::string(PADDOCK_BUILD_DIR) + "/engines/own-" + like.name) {
    rig("up");
    engine_ = like;
    engine_.socket = std::filesystem::read_symlink(link_) / "socket";
  }
  ~OwnEngine() { rig("down"); }
  OwnEngine(const OwnEngine&) = delete;
  OwnEngine& operator=(const OwnEngine&) = delete;

  const TestEngine& engine() const { return engine_; }
  void restart() { rig("restart"); }

 private:
  void rig(const std::string& action) const {
    const std::string command =
        PADDOCK_SOURCE_DIR "/tests/engines/rig " + action + " " + kind_ + " " + link_;
    CHECK(std::system(command.c_str()) == 0);
  }

  std::string kind_, link_;
  TestEngine engine_;
};

}  // namespace

TEST_CASE("engine: one that is killed and comes back runs nothing unproved", "[engine][fault]") {
  NEEDS_ENGINES();
  for (const TestEngine& like : root_engines()) {
    CAPTURE(like.name);
    OwnEngine own(like);
    World world;
    own.engine().use(world);
    const Ran up = world.run({"run", "-d", "--name", "box", "quickstart", "--", "sleep", "1000"});
    CAPTURE(up.err);
    REQUIRE(up.status == 0);
    own.restart();
    // Docker ends what ran; Podman's service is nobody's parent.
    const bool ended = like.name == "docker";
    const auto runs = [&] {
      return world.run({"ps", "--plain"}).out.rfind("box\trunning\t", 0) == 0;
    };
    CHECK(eventually([&] { return runs() != ended; }, std::chrono::seconds(30)));
    if (!ended) {
      const Ran verify = world.run({"verify", "box"});
      CAPTURE(verify.err);
      CHECK(verify.status == 0);
      CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
    }
    CHECK(world.run({"gc"}).status == 0);
    CHECK(own.engine().containers().empty());
    CHECK(eventually([&] { return residue(world).empty(); }));
    CHECK(world.run({"start", "box"}).status == 0);
    CHECK(world.run({"stop", "--grace", "0", "box"}).status == 0);
  }
}
