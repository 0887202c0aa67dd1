#include "engines/image.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

namespace paddock::test {

std::string make_root(const World& world,
                      const std::string& name,
                      const std::vector<std::string>& programs) {
  const std::string folder = world.root() / name;
  World shell;
  shell.program = PADDOCK_SOURCE_DIR "/tests/engines/rootfs";
  std::vector<std::string> arguments = {folder};
  arguments.insert(arguments.end(), programs.begin(), programs.end());
  const Ran ran = shell.run(arguments);
  CAPTURE(ran.err);
  REQUIRE(ran.status == 0);
  return folder;
}

TestImage::TestImage(const World& world, const TestEngine& engine, std::string reference)
    : TestImage(world,
                engine,
                std::move(reference),
                {"sh", "cat", "id", "ls", "env", "touch", "sleep", "chmod", "stat"}) {}

TestImage::TestImage(const World& world,
                     const TestEngine& engine,
                     std::string reference,
                     const std::vector<std::string>& programs)
    : engine_(engine), reference_(std::move(reference)) {
  static int count = 0;
  const std::string root = make_root(world, "root-" + std::to_string(count++), programs);
  const Ran ran = world.run({"image", "import", root, reference_, "--backend", engine.id});
  CAPTURE(ran.err);
  REQUIRE(ran.status == 0);
  id_ = image_id(engine, reference_);
  REQUIRE(ran.out == reference_ + "\t" + id_ + "\n");
}

TestImage::~TestImage() {
  engine_.ask("DELETE", "/v1.41/images/" + reference_ + "?force=true");
}

std::string image_id(const TestEngine& engine, const std::string& reference) {
  const auto reply =
      nlohmann::json::parse(engine.ask("GET", "/v1.41/images/" + reference + "/json"));
  return reply.contains("Id") ? reply.at("Id").get<std::string>() : "";
}

std::string work_id(const TestEngine& engine) {
  return engine.uid == 0 ? "1000" : std::to_string(engine.uid);
}

void image_profile(const World& world,
                   const std::string& name,
                   const std::string& reference,
                   const std::string& more) {
  world.profile(name,
                "extends = [\"quickstart\"]\n[image]\nreference = \"" + reference + "\"\n" + more);
}

}  // namespace paddock::test
