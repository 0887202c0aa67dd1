// A root file system from an image, on real engines: the same proof, and nothing that the image
// says of itself decides anything.
#include "engines/image.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

using Json = nlohmann::json;

constexpr const char* kName = "localhost/paddock-test/small:1";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Json result_of(const Ran& ran) {
  return Json::parse(ran.err.substr(ran.err.find('{')));
}

/// Says of itself whatever an image can, and holds accounts that mean other numbers.
const std::string kHostile = std::string("FROM ") + kName + R"(
COPY accounts /etc/passwd
COPY groups /etc/group
RUN chmod 4755 /bin/id
ENV EVIL=1 PATH=/evil LD_PRELOAD=/evil.so
ENTRYPOINT ["/bin/touch", "/tmp/entered"]
CMD ["/tmp/commanded"]
USER 0:0
WORKDIR /evil
VOLUME /data /bin
EXPOSE 80
STOPSIGNAL SIGKILL
HEALTHCHECK --interval=1s CMD touch /tmp/checked
ONBUILD RUN false
LABEL io.paddock.sandbox=other io.paddock.instance=0000000000000000 io.paddock.owner=1
)";

/// `id`: the work's number.
void write_hostile(const World& world, const std::string& id) {
  world.write(world.root() / "hostile/Containerfile", kHostile);
  world.write(world.root() / "hostile/accounts", "root:x:0:0::/:/bin/sh\n" + id +
                                                     ":x:0:0::/:/bin/sh\nnode:x:" + id +
                                                     ":0::/:/bin/sh\ndaemon:x:1:1::/:/bin/sh\n");
  world.write(world.root() / "hostile/groups",
              "root:x:0:" + id + ",node,sandbox\nwheel:x:10:node," + id + ",sandbox\n");
}

}  // namespace

TEST_CASE("engine: IMG-02 an image runs proved, by its id, and the receipt has it",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    image_profile(world, "small", kName);
    world.write(world.project() / "file", "from the project\n");
    const Ran ran =
        world.run({"run", "--name", "box", "--json", "small", "--", "sh", "-c",
                   "cat file; id -u; ls /usr 2>/dev/null; cat /etc/hosts; echo made >new"});
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.out == "from the project\n" + work_id(engine) +
                         "\n127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
                         "127.0.1.1 sandbox\n");
    CHECK(read_text(world.project() / "new") == "made\n");
    std::set<std::string> proved;
    const Json result = result_of(ran);
    for (const auto& entry : result.at("ledger")) {
      // An ordinary user's CPU limit need not hold.
      CHECK((entry.at("verdict") == "ok" ||
             (engine.uid != 0 && entry.at("protection") == "cgroup.cpu")));
      proved.insert(entry.at("protection").get<std::string>());
    }
    CHECK(proved.size() == 24);
    CHECK(proved.count("rootfs.image") == 1);
    CHECK(proved.count("rootfs.host") == 0);
    const Json receipt = Json::parse(world.run({"receipt", "--json", "box"}).out);
    bool told = false;
    for (const auto& leaf : receipt.at("leaves")) {
      told = told || (leaf.at("path") == "/rootfs/image_id" && leaf.at("value") == image.id());
    }
    CHECK(told);
    CHECK(engine.containers().empty());
    CHECK(residue(world).empty());
  }
}

TEST_CASE("engine: IMG-03 what an image says of itself changes nothing", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    const std::string id = work_id(engine);
    write_hostile(world, id);
    const std::string file = world.root() / "hostile/Containerfile";
    const std::string name = "localhost/paddock-test/hostile:1";
    const Ran built = world.run({"image", "build", file, "--tag", name, "-b", engine.id});
    CAPTURE(built.err);
    REQUIRE(built.status == 0);
    image_profile(world, "hostile", name);
    const std::string script =
        "sleep 3; id -u; id -g; id -G; cat /etc/passwd /etc/group; env; ls /tmp; "
        "stat -c %u:%a /bin /data 2>/dev/null; touch /data/x 2>/dev/null || echo denied";
    Started box = world.start({"run", "--name", "box", "hostile", "--", "sh", "-c",
                               script + "; echo ready; sleep 1000; :", world.root().string()});
    REQUIRE(box.await_output("ready"));
    CHECK(engine.containers().size() == 1);
    CHECK(world.run({"exec", "box", "id", "-u"}).out == work_id(engine) + "\n");
    CHECK(world.run({"verify", "box"}).status == 0);
    CHECK(world.run({"stop", "box"}).status == 0);
    const Ran ran = box.wait();
    CAPTURE(ran.out, ran.err);
    CHECK(ran.out.starts_with(id + "\n" + id + "\n" + id +
                              "\nroot:x:0:0:root:/nonexistent:/usr/sbin/nologin\nsandbox:x:" + id +
                              ":" + id +
                              "::/home/sandbox:/bin/sh\n"
                              "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
                              "daemon:x:1:1::/:/bin/sh\nroot:x:0:\nsandbox:x:" +
                              id + ":\nnogroup:x:65534:\nwheel:x:10:node," + id + ",sandbox\n"));
    CHECK(has(ran.out, "PATH=/usr/local/bin:/usr/bin:/bin\n"));
    CHECK(has(ran.out, "denied\nready\n"));
    for (const char* sign : {"EVIL", "/evil", "entered", "commanded", "checked"}) {
      CHECK_FALSE(has(ran.out, sign));
    }
    const Json volumes = Json::parse(engine.ask("GET", "/v1.41/volumes"));
    CHECK((volumes.at("Volumes").is_null() || volumes.at("Volumes").empty()));
    CHECK(engine.containers().empty());
    CHECK(world.run({"image", "rm", name, "-b", engine.id}).status == 0);
  }
}

TEST_CASE("engine: a group of the image that engines take for the user's is refused",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    // runc takes the name for the number, and gives the process the group 0.
    world.write(world.root() / "groups/group", work_id(engine) + ":x:0:\n");
    world.write(world.root() / "groups/Containerfile",
                std::string("FROM ") + kName + "\nCOPY group /etc/group\n");
    world.profile("groups", "extends = [\"quickstart\"]\n[image]\nbuild = \"" +
                                (world.root() / "groups/Containerfile").string() + "\"\n");
    const Ran ran = world.run({"run", "groups", "--", "id", "-G"});
    CAPTURE(ran.err);
    // An engine that has been cured does better.
    CHECK(((ran.status == 0 && ran.out == work_id(engine) + "\n") ||
           (ran.status == 125 && ran.out.empty() &&
            has(ran.err, "user: supplementary groups: expected none, seen 0"))));
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: an image of one static program and nothing else runs proved",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, "localhost/paddock-test/bare:1", {PADDOCK_HELLO});
    image_profile(world, "bare", "localhost/paddock-test/bare:1");
    const Ran ran = world.run({"run", "bare", "--", "paddock-test-hello"});
    CAPTURE(ran.err);
    CHECK(ran.status == 5);
    CHECK(ran.out == "hello from uid " + work_id(engine) + "\n");
    CHECK(world.run({"run", "bare", "--", "sh"}).status == 127);
  }
}

TEST_CASE("engine: a volume around the sandbox's own is refused with the reason",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    for (const std::string place : {"/home", "/proc/x", "/.paddock"}) {
      world.write(world.root() / "wide/Containerfile",
                  std::string("FROM ") + kName + "\nVOLUME " + place + "\n");
      world.profile("wide", "extends = [\"quickstart\"]\n[image]\nbuild = \"" +
                                (world.root() / "wide/Containerfile").string() + "\"\n");
      const Ran ran = world.run({"run", "wide", "--", "true"});
      CHECK(ran.status == 125);
      CHECK(has(ran.err, "error[P0503]: the image wants a volume at '" + place +
                             "', around or in a mount of the sandbox\n"));
      CHECK(has(ran.err, "hint: build an image without that VOLUME\n"));
      CHECK(engine.containers().empty());
    }
  }
}

TEST_CASE("engine: IMG-01 images are looked at, and told by id", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const std::string before = engine.ask("GET", "/v1.41/images/json");
    image_profile(world, "absent", "localhost/paddock-test/absent:1");
    const Ran plan = world.run({"plan", "absent"});
    CHECK(plan.status == 0);
    CHECK(has(plan.out,
              "notice: image 'localhost/paddock-test/absent:1' is not in the engine yet: `paddock "
              "run` would refuse\n"));
    const TestImage image(world, engine, kName);
    image_profile(world, "small", kName);
    const Ran seen = world.run({"plan", "--plain", "small"});
    CHECK(has(seen.out, "rootfs.image\t" + std::string(kName) + "\t"));
    CHECK(has(seen.out, "rootfs.image_id\t" + image.id() + "\t"));
    const Json list =
        Json::parse(world.run({"image", "list", "--json", "-b", engine.id}).out).at("images");
    REQUIRE(list.size() >= 2);
    bool found = false;
    for (const auto& row : list) {
      CHECK(row.at("backend") == engine.id);
      if (row.at("reference") == kName) {
        found = true;
        CHECK(row.at("id") == image.id());
        CHECK(row.at("how") == "imported");
        CHECK(row.at("profiles") == Json({"small"}));
      } else if (row.at("reference") == "localhost/paddock-test/absent:1") {
        CHECK(row.at("here") == false);
      }
    }
    CHECK(found);
  }
}

TEST_CASE("engine: IMG-07 only names that paddock brought are taken away", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    // Somebody else's name for the same image.
    engine.ask("POST", "/v1.41/images/" + std::string(kName) +
                           "/tag?repo=localhost/paddock-test/other&tag=1");
    const Ran foreign =
        world.run({"image", "rm", "localhost/paddock-test/other:1", "-b", engine.id});
    CHECK(foreign.status == 4);
    CHECK(has(foreign.err, "image 'localhost/paddock-test/other:1' of '" + engine.id +
                               "' is not paddock's: it did not bring it\n"));
    CHECK(world.run({"image", "rm", kName, "-b", engine.id}).out == std::string(kName) + "\n");
    CHECK(image_id(engine, kName).empty());
    CHECK(image_id(engine, "localhost/paddock-test/other:1") == image.id());
    // Gone, and so not ours any more, even when somebody makes that name again.
    engine.ask("POST",
               "/v1.41/images/localhost/paddock-test/other:1/tag?repo=localhost/"
               "paddock-test/small&tag=1");
    CHECK(world.run({"image", "rm", kName, "-b", engine.id}).status == 4);
    CHECK(image_id(engine, kName) == image.id());
    engine.ask("DELETE", "/v1.41/images/localhost/paddock-test/other:1");
  }
}

TEST_CASE("engine: a name that somebody moved is not removed", "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    const TestImage other(world, engine, "localhost/paddock-test/bare:1", {PADDOCK_HELLO});
    engine.ask("POST",
               "/v1.41/images/localhost/paddock-test/bare:1/tag?repo=localhost/"
               "paddock-test/small&tag=1");
    const Ran ran = world.run({"image", "rm", kName, "-b", engine.id});
    CHECK(ran.status == 4);
    CHECK(has(ran.err, "is not paddock's any more: somebody replaced it\n"));
    CHECK(image_id(engine, kName) == other.id());
  }
}

TEST_CASE("engine: a build that fails shows its last lines, and leaves no name",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    world.write(world.root() / "broken/Containerfile",
                std::string("FROM ") + kName + "\nRUN echo said so; exit 3\n");
    const std::string file = world.root() / "broken/Containerfile";
    const Ran ran = world.run(
        {"image", "build", file, "--tag", "localhost/paddock-test/broken:1", "-b", engine.id});
    CHECK(ran.status == 4);
    CHECK(has(ran.err,
              "error[P0502]: the engine cannot build image "
              "'localhost/paddock-test/broken:1': "));
    CHECK(has(ran.err, "\n  said so\n"));
    CHECK(image_id(engine, "localhost/paddock-test/broken:1").empty());
    CHECK_FALSE(has(world.run({"image", "list", "--plain"}).out, "broken"));
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: what a profile has built is built again when its Containerfile changes",
          "[engine][image]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    const TestImage image(world, engine, kName);
    world.profile("made", "extends = [\"quickstart\"]\n[image]\nbuild = \"made/Containerfile\"\n");
    std::set<std::string> names;
    for (const std::string word : {"one", "two", "one"}) {
      world.write(world.profiles() / "made/Containerfile",
                  std::string("FROM ") + kName + "\nCOPY " + word + " /word\n");
      world.write(world.profiles() / "made" / word, word + "\n");
      const Ran ran = world.run({"run", "made", "--", "cat", "/word"});
      CAPTURE(ran.err);
      CHECK(ran.out == word + "\n");
    }
    const auto list =
        Json::parse(world.run({"image", "list", "--json", "-b", engine.id}).out).at("images");
    for (const auto& row : list) {
      if (row.at("how") == "built") {
        names.insert(row.at("reference").get<std::string>());
      }
    }
    CHECK(names.size() == 2);
    for (const std::string& name : names) {
      CHECK(world.run({"image", "rm", name, "-b", engine.id}).status == 0);
    }
  }
}
