// A verb that is broken off or told lies, what it needs before, and what has to be so afterwards.
#pragma once

#include <string>
#include <vector>

#include "engines/image.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

namespace paddock::test {

inline constexpr const char* kSweptImage = "localhost/paddock-test/swept:1";

/// The words of `verb` for sandbox `box`, or for `engine`'s images.
inline std::vector<std::string> words_of(const TestEngine& engine, const std::string& verb) {
  if (verb == "run") {
    return {"run", "--name", "box", "quickstart", "--", "echo", "ran"};
  }
  if (verb == "clean") {
    return {"clean", "--yes", "-b", engine.id};
  }
  std::vector<std::string> words = {verb, "--grace", "0", "box"};
  if (verb == "destroy") {
    words.insert(words.begin() + 1, "--yes");
  }
  return words;
}

/// Makes what `verb` acts on, and a file that nobody may touch.
inline void bring_up(const World& world, const TestEngine& engine, const std::string& verb) {
  world.write(world.project() / "work.txt", "precious\n");
  if (verb == "run") {
    return;
  }
  std::vector<std::string> words = {"run",        "-d", "--name", "box",
                                    "quickstart", "--", "sleep",  "1000"};
  if (verb == "clean") {
    words = {"image",     "import", make_root(world, "root", {PADDOCK_HELLO}),
             kSweptImage, "-b",     engine.id};
  }
  const Ran ran = world.run(words);
  CAPTURE(ran.err);
  REQUIRE(ran.status == 0);
}

/// Takes away what may be left of it by paddock's own verbs, and sees that nothing is.
inline void clear_up(const World& world, const TestEngine& engine, const std::string& verb) {
  if (verb == "clean") {
    CHECK(world.run(words_of(engine, verb)).status == 0);
    CHECK(image_id(engine, kSweptImage).empty());
  } else {
    world.run(words_of(engine, "destroy"));
  }
  const Ran gc = world.run({"gc"});
  CAPTURE(gc.err);
  CHECK(gc.status == 0);
  CHECK(engine.containers().empty());
  CHECK(eventually([&] { return residue(world).empty(); }));
  CHECK(read_text(world.project() / "work.txt") == "precious\n");
}

}  // namespace paddock::test
