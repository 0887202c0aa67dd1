// kill -9 of paddock behind every step of a launch on real engines, then gc.
#include "engines/image.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

TEST_CASE("engine: kill -9 behind every step, then gc: nothing is left", "[engine][fault]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World maker(engine.uid);
    engine.use(maker);
    const TestImage image(maker, engine, "localhost/paddock-test/small:1", {"id"});
    for (const std::string step :
         {"profile", "plan", "image", "claim", "prepare", "journal", "volumes", "create", "attach",
          "prove", "record", "release", "ended"}) {
      CAPTURE(step);
      World world(engine.uid);
      engine.use(world);
      world.write(world.project() / "work.txt", "precious\n");
      image_profile(world, "small", "localhost/paddock-test/small:1");
      world.program = std::string(PADDOCK_BUILD_DIR) + "/bin/paddock-faulty";
      world.environment["PADDOCK_TEST_FAULT"] = step;
      const Ran ran = world.run({"run", "--name", "box", "small", "--", "id"});
      CAPTURE(ran.err);
      CHECK(ran.status == 137);
      world.environment.erase("PADDOCK_TEST_FAULT");
      const Ran gc = world.run({"gc"});
      CAPTURE(gc.err);
      CHECK(gc.status == 0);
      CHECK(engine.containers().empty());
      CHECK(residue(world).empty());
      CHECK(read_text(world.project() / "work.txt") == "precious\n");
      CHECK(world.run({"run", "--name", "box", "quickstart", "--", "true"}).status == 0);
      CHECK(image_id(engine, "localhost/paddock-test/small:1") == image.id());
    }
  }
}
