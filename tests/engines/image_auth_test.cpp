// Images from registries that let nobody in without a password, on real engines.
#include <signal.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "engines/image.hpp"
#include "engines/registry.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// "ann" with "right-word", and with "other-word".
constexpr const char* kUsers = "ann:$2y$05$abcdefghijklmnopqrstuuvGyvvTSL0OOra8n20NNRFnrrvSffZty\n";
constexpr const char* kOthers =
    "ann:$2y$05$abcdefghijklmnopqrstuuauJ0WNZrT/gT.GVUdwAt0VLYe72lRBO\n";
constexpr const char* kRight = "YW5uOnJpZ2h0LXdvcmQ=";
constexpr const char* kOther = "YW5uOm90aGVyLXdvcmQ=";
constexpr const char* kWrong = "YW5uOndyb25nLXdvcmQ=";
const std::string kFirst = "127.0.0.1:5000";
const std::string kSecond = "127.0.0.1:5001";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// One who has an engine that lacks the image, which both registries hold.
class Customer {
 public:
  explicit Customer(const TestEngine& engine) : engine_(engine), world_(engine.uid) {
    engine.use(world_);
    world_.environment["XDG_RUNTIME_DIR"] = world_.root() / "run";
    fs::create_directory(world_.root() / "run");
    {
      const Registry open = Registry::real(engine, world_);
      const TestImage source(world_, engine, kServed);
      id_ = source.id();
      push(engine);
    }
    forget();
  }

  /// The image is in no engine any more.
  void forget() const {
    for (const char* name : {kServed, kServedToo}) {
      engine_.ask("DELETE", "/v1.41/images/" + std::string(name) + "?force=true");
      world_.run({"image", "rm", name, "-b", engine_.id});
    }
    REQUIRE(image_id(engine_, kServed).empty());
    REQUIRE(image_id(engine_, kServedToo).empty());
  }

  std::string docker_file() const { return world_.home() / ".docker/config.json"; }
  std::string podman_file() const { return world_.root() / "run/containers/auth.json"; }
  void store(const std::string& file, const Json& json, mode_t mode = 0600) const {
    world_.write(file, json.dump());
    REQUIRE(::chmod(file.c_str(), mode) == 0);
  }
  void log_in(const std::string& file, const Json& auths, mode_t mode = 0600) const {
    Json entries = Json::object();
    for (const auto& [registry, auth] : auths.items()) {
      entries[registry] = {{"auth", auth}};
    }
    store(file, {{"auths", entries}}, mode);
  }

  /// A registry needs a moment to listen.
  Ran pull(const std::string& reference = kServed) const {
    Ran ran;
    eventually([&] {
      ran = world_.run({"-vv", "image", "pull", reference, "-b", engine_.id});
      return !has(ran.err, "refused");
    });
    return ran;
  }
  const World& world() const { return world_; }
  World& world() { return world_; }
  const std::string& id() const { return id_; }

  /// What is written down anywhere in this world, but for files that hold it by its will.
  bool is_kept_secret(const Ran& ran) const {
    for (const char* secret : {"right-word", "other-word", "wrong-word", kRight, kOther, kWrong}) {
      const Ran found =
          world_.outside("grep -rlF '" + std::string(secret) + "' " + world_.state().string() +
                         " " + (world_.root() / "cache").string());
      if (has(ran.out + ran.err, secret) || !found.out.empty()) {
        return false;
      }
    }
    return true;
  }

 private:
  const TestEngine& engine_;
  World world_;
  std::string id_;
};

std::string hint(const std::string& registry) {
  return "\n  hint: `docker login " + registry + "` or `podman login " + registry +
         "` stores what it takes\n";
}

}  // namespace

TEST_CASE("engine: a registry with a password is pulled from by those who logged in",
          "[engine][image][auth]") {
  NEEDS_ENGINES();
  if (!has_registry()) {
    PADDOCK_SKIP("there is no docker-registry here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    Customer customer(engine);
    const Registry registry = Registry::locked(engine, customer.world(), 5000, kUsers);
    const std::string who = "error[P0503]: registry '" + kFirst + "' refuses ";
    const std::string words = "\n  the engine cannot pull image '" + std::string(kServed) + "': ";
    const auto refused = [&](const std::string& why) {
      const Ran ran = customer.pull();
      CAPTURE(ran.err);
      CHECK(ran.status == 4);
      CHECK(has(ran.err, who + why + words));
      CHECK(has(ran.err, hint(kFirst)));
      CHECK(image_id(engine, kServed).empty());
      CHECK(customer.is_kept_secret(ran));
    };
    refused("who has no credentials, and none are stored for it");
    customer.log_in(customer.docker_file(), {{kSecond, kRight}});
    refused("who has no credentials, and none are stored for it");
    customer.log_in(customer.docker_file(), {{kFirst, kWrong}});
    refused("the credentials that '" + customer.docker_file() + "' has for it");
    for (const std::string& file : {customer.docker_file(), customer.podman_file()}) {
      CAPTURE(file);
      customer.log_in(file, {{kFirst, kRight}});
      const Ran ran = customer.pull();
      CAPTURE(ran.err);
      CHECK(ran.status == 0);
      CHECK(image_id(engine, kServed) == customer.id());
      CHECK_FALSE(has(ran.err, "others can read"));
      CHECK(customer.is_kept_secret(ran));
      customer.forget();
    }
    customer.log_in(customer.podman_file(), {{kFirst, kRight}}, 0644);
    image_profile(customer.world(), "small", kServed);
    const Ran ran =
        customer.world().run({"-vv", "run", "--name", "one", "small", "--", "id", "-u"});
    CAPTURE(ran.err);
    CHECK(ran.out == work_id(engine) + "\n");
    CHECK(has(ran.err, "plugin '" + engine.id + "': others can read the passwords in '" +
                           customer.podman_file() + "': chmod 600 it\n"));
    CHECK(customer.is_kept_secret(ran));
    CHECK(customer.is_kept_secret(customer.world().run({"receipt", "--json", "one"})));
    customer.store(customer.podman_file(), "{");
    const Ran broken = customer.pull();
    CHECK(broken.status == 4);
    CHECK(has(broken.err,
              "error[P0503]: cannot read credentials for registries from '" +
                  customer.podman_file() +
                  "': it is not the JSON that `docker login` and `podman login` write\n"));
    CHECK(has(broken.err, "\n  hint: repair it, or remove it and log in again\n"));
    customer.forget();
  }
}

TEST_CASE("engine: two registries get the credentials of each", "[engine][image][auth]") {
  NEEDS_ENGINES();
  if (!has_registry()) {
    PADDOCK_SKIP("there is no docker-registry here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    Customer customer(engine);
    const Registry first = Registry::locked(engine, customer.world(), 5000, kUsers);
    const Registry second = Registry::locked(engine, customer.world(), 5001, kOthers);
    const auto is_pulled = [&](const char* reference) {
      const Ran ran = customer.pull(reference);
      CAPTURE(ran.err);
      CHECK(customer.is_kept_secret(ran));
      const bool there = image_id(engine, reference) == customer.id();
      customer.forget();
      return there;
    };
    customer.log_in(customer.podman_file(), {{kFirst, kRight}, {kSecond, kOther}});
    CHECK(is_pulled(kServed));
    CHECK(is_pulled(kServedToo));
    customer.log_in(customer.podman_file(), {{kFirst, kOther}, {kSecond, kOther}});
    CHECK_FALSE(is_pulled(kServed));
    // One for a namespace, and one for the rest of its registry.
    customer.log_in(customer.podman_file(), {{kFirst, kWrong}, {kFirst + "/paddock", kRight}});
    CHECK(is_pulled(kServed));
    customer.log_in(customer.podman_file(), {{kFirst, kRight}, {kFirst + "/paddock", kWrong}});
    CHECK_FALSE(is_pulled(kServed));
  }
}

TEST_CASE("engine: a credential helper is asked, and heard by nobody else",
          "[engine][image][auth]") {
  NEEDS_ENGINES();
  if (!has_registry()) {
    PADDOCK_SKIP("there is no docker-registry here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    Customer customer(engine);
    const Registry registry = Registry::locked(engine, customer.world(), 5000, kUsers);
    const fs::path program = customer.world().root() / "bin/docker-credential-mine";
    customer.world().environment["PATH"] += ":" + program.parent_path().string();
    const auto answers = [&](const std::string& script) {
      customer.world().write(program, "#!/bin/sh\n" + script + "\n");
      REQUIRE(::chmod(program.c_str(), 0755) == 0);
      const Ran ran = customer.pull();
      CHECK(customer.is_kept_secret(ran));
      return ran;
    };
    customer.store(customer.docker_file(), {{"credHelpers", {{kFirst, "mine"}}}});
    const std::string good = R"(printf '{"Username":"ann","Secret":"right-word"}')";
    const Ran pulled = answers("test \"$(cat)\" = " + kFirst + " || exit 9\n" + good);
    CAPTURE(pulled.err);
    CHECK(pulled.status == 0);
    CHECK(image_id(engine, kServed) == customer.id());
    customer.forget();
    const Ran failed = answers(good + "; echo right-word >&2; exit 3");
    CHECK(failed.status == 4);
    CHECK(has(failed.err, "error[P0503]: 'docker-credential-mine', which '" +
                              customer.docker_file() + "' names, fails with status 3\n"));
    CHECK(has(failed.err, "\n  hint: try it: echo " + kFirst + " | docker-credential-mine get\n"));
    const Ran wrong = answers(R"(printf '{"Username":"ann","Secret":"wrong-word"}')");
    CHECK(has(wrong.err, "error[P0503]: registry '" + kFirst + "' refuses the credentials that '" +
                             customer.docker_file() + "' has for it\n"));
    const Ran none = answers("echo credentials not found in native keychain; exit 1");
    CHECK(has(none.err, "who has no credentials, and none are stored for it\n"));
    const fs::path asked = customer.world().project() / "asked";
    customer.world().write(program, "#!/bin/sh\ntouch " + asked.string() + "\nsleep 60\n");
    Started waiting = customer.world().start({"image", "pull", kServed, "-b", engine.id});
    REQUIRE(eventually([&] { return fs::exists(asked); }));
    waiting.kill(SIGINT);
    CHECK(waiting.await_exit(std::chrono::seconds(10)));
    CHECK(has(waiting.wait().err, "interrupted while 'docker-credential-mine' was asked\n"));
    CHECK(processes_with(program).empty());
  }
}

TEST_CASE("engine: a build gets at images behind a password", "[engine][image][auth]") {
  NEEDS_ENGINES();
  if (!has_registry()) {
    PADDOCK_SKIP("there is no docker-registry here");
  }
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    Customer customer(engine);
    const Registry registry = Registry::locked(engine, customer.world(), 5000, kUsers);
    const fs::path file = customer.world().project() / "Containerfile";
    customer.world().write(file, "FROM " + std::string(kServed) + "\nLABEL a=b\n");
    const auto build = [&] {
      Ran ran;
      eventually([&] {
        ran = customer.world().run({"-vv", "image", "build", file, "--tag",
                                    "localhost/paddock-test/auth:1", "-b", engine.id});
        return !has(ran.err, "connection refused");
      });
      CHECK(customer.is_kept_secret(ran));
      return ran;
    };
    const Ran none = build();
    CAPTURE(none.err);
    CHECK(none.status == 4);
    CHECK(has(none.err, "error[P0503]: registry '" + kFirst +
                            "' refuses who has no credentials, and none are stored for it\n"));
    CHECK(has(none.err, hint(kFirst)));
    customer.log_in(customer.docker_file(), {{kFirst, kWrong}});
    CHECK(has(build().err, "refuses the credentials that '" + customer.docker_file() + "' has"));
    customer.log_in(customer.docker_file(), {{kFirst, kRight}});
    const Ran built = build();
    CAPTURE(built.err);
    CHECK(built.status == 0);
    CHECK(customer.world()
              .run({"image", "rm", "localhost/paddock-test/auth:1", "-b", engine.id})
              .status == 0);
    customer.forget();
    CHECK(engine.containers().empty());
  }
}

TEST_CASE("engine: an identity token is exchanged where the registry says",
          "[engine][image][auth]") {
  NEEDS_ENGINES();
  for (const TestEngine& engine : engines()) {
    CAPTURE(engine.name);
    World world(engine.uid);
    engine.use(world);
    world.environment["REGISTRY_AUTH_FILE"] = world.root() / "auth.json";
    const Registry registry = Registry::false_one(engine, "token");
    const auto pull = [&](const Json& entry) {
      world.write(world.root() / "auth.json", Json{{"auths", {{kFirst, entry}}}}.dump());
      const Ran ran = world.run({"-vv", "image", "pull", kServed, "-b", engine.id});
      CAPTURE(ran.err);
      CHECK_FALSE(has(ran.out + ran.err, "t0"));
      return ran;
    };
    const Ran wrong = pull({{"identitytoken", "t1"}});
    CHECK(wrong.status == 4);
    CHECK(has(wrong.err, "error[P0503]: registry '" + kFirst + "' refuses the credentials that '" +
                             (world.root() / "auth.json").string() + "' has for it\n"));
    const Ran right = pull({{"identitytoken", "t0"}, {"auth", "PHRva2VuPjo="}});  // "<token>:"
    CAPTURE(right.err);
    CHECK(right.status == 0);
    CHECK_FALSE(image_id(engine, kServed).empty());
    CHECK(world.run({"image", "rm", kServed, "-b", engine.id}).status == 0);
  }
}
