// Discovery: which manifests are read, and which win.
#include "base/render.hpp"
#include "plugin/registry.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)

namespace {

const std::string kBackendMethods =
    "['probe', 'prepare', 'create', 'exec', 'inspect', 'stop', 'remove']";

void add(const std::filesystem::path& search,
         const std::string& id,
         const std::string& kind,
         const std::string& summary = "s") {
  test::write_text(search / id / "manifest.toml",
                   "id = '" + id + "'\nkind = '" + kind + "'\nversion = '1'\nabi = 1\nsummary = '" +
                       summary + "'\nmethods = " + (kind == "backend" ? kBackendMethods : "[]") +
                       "\n");
}

std::vector<std::string> ids_of(const std::vector<const Manifest*>& manifests) {
  std::vector<std::string> ids;
  for (const Manifest* manifest : manifests) {
    ids.push_back(manifest->id);
  }
  return ids;
}

}  // namespace

TEST_CASE("discovery: lists what is sound and keeps the rest as errors", "[plugin]") {
  const test::TempDir dir;
  add(dir.path(), "firewall", "hardener");
  add(dir.path(), "docker", "backend");
  test::write_text(dir / "torn/manifest.toml", "id = \n");
  test::write_text(dir / "notes/readme.txt", "no plugin");
  Settings settings;
  settings.search = {{dir.path(), Mode::kInProcess}, {dir / "absent", Mode::kChildProcess}};
  const auto registry = Registry::discover(settings);
  CHECK(ids_of(registry->manifests()) == std::vector<std::string>{"docker", "firewall"});
  CHECK(ids_of(registry->of_kind(Kind::kBackend)) == std::vector<std::string>{"docker"});
  CHECK(registry->of_kind(Kind::kHook).empty());
  CHECK(registry->ids() == std::vector<std::string>{"docker", "firewall", "torn"});
  REQUIRE(registry->broken().size() == 1);
  CHECK(registry->broken().at("torn").context ==
        std::vector<std::string>{"reading the manifest of plugin 'torn'"});
}

TEST_CASE("discovery: an earlier directory wins an id", "[plugin]") {
  const test::TempDir dir;
  add(dir / "first", "firewall", "hardener", "shipped");
  add(dir / "second", "firewall", "hardener", "a stranger's");
  Settings settings;
  settings.search = {{dir / "first", Mode::kInProcess}, {dir / "second", Mode::kChildProcess}};
  const auto registry = Registry::discover(settings);
  CHECK((*registry->find("firewall"))->summary == "shipped");
  CHECK((*registry->find("firewall"))->mode == Mode::kInProcess);
  CHECK(registry->manifests().front()->summary == "shipped");
  // Even when it is broken: a stranger must not stand in for what ships with paddock.
  test::write_text(dir / "first/firewall/manifest.toml", "id = 1\n");
  const auto again = Registry::discover(settings);
  CHECK_FALSE(again->find("firewall"));
  CHECK(again->manifests().empty());
}

TEST_CASE("discovery: a plugin whose id is taken is known to be unused", "[plugin]") {
  const test::TempDir dir;
  add(dir / "first", "firewall", "hardener");
  add(dir / "second", "firewall", "hardener");
  add(dir / "second", "mine", "hardener");
  Settings settings;
  settings.search = {{dir / "first", Mode::kInProcess},
                     {dir / "second", Mode::kChildProcess},
                     {dir / "second", Mode::kChildProcess}};  // named twice, not shadowed
  const auto shadowed = Registry::discover(settings)->shadowed();
  REQUIRE(shadowed.size() == 1);
  CHECK(shadowed[0].id == "firewall");
  CHECK(shadowed[0].directory == dir / "second/firewall");
  CHECK(shadowed[0].by == dir / "first/firewall");
}

TEST_CASE("discovery: only what was built with paddock ships, in its order", "[plugin]") {
  const test::TempDir dir;
  for (const std::string id : {"aaa", "podman", "docker"}) {
    add(dir / "prefix", id, "backend");
  }
  add(dir / "prefix", "firewall", "hardener");
  add(dir / "user", "bbb", "backend");
  Settings settings;
  const std::vector<std::string> ids{"podman", "docker", "firewall", "not-installed"};
  settings.search = {{dir / "prefix", Mode::kInProcess, ids}, {dir / "user", Mode::kChildProcess}};
  const auto registry = Registry::discover(settings);
  CHECK(ids_of(registry->shipped(Kind::kBackend)) == std::vector<std::string>{"podman", "docker"});
  CHECK((*registry->find("aaa"))->mode == Mode::kChildProcess);
  CHECK((*registry->find("docker"))->mode == Mode::kInProcess);
}

TEST_CASE("discovery: an unknown id gets the nearest name", "[plugin][error]") {
  const test::TempDir dir;
  add(dir.path(), "firewall", "hardener");
  Settings settings;
  settings.search = {{dir.path(), Mode::kInProcess}};
  const auto registry = Registry::discover(settings);
  CHECK(render(registry->find("firewal").error()) ==
        "paddock: error[P0201]: no plugin 'firewal'\n"
        "  hint: did you mean 'firewall'?\n");
  for (const std::string id : {"", ".", "..", "../x", "a/b", "firewall/"}) {
    CHECK_FALSE(registry->find(id));
  }
}

TEST_CASE("discovery: a kind that is spelt with escapes is found as well", "[plugin]") {
  const test::TempDir dir;
  test::write_text(dir / "sly/manifest.toml",
                   "id = 'sly'\nkind = \"\\u0062ackend\"\nversion = '1'\nabi = 1\nsummary = "
                   "'s'\nmethods = " +
                       kBackendMethods + "\n");
  Settings settings;
  settings.search = {{dir.path(), Mode::kInProcess}};
  CHECK(ids_of(Registry::discover(settings)->of_kind(Kind::kBackend)) ==
        std::vector<std::string>{"sly"});
}
