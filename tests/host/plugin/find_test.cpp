// Discovery: which manifests are read, and which win.
#include "base/render.hpp"
#include "plugin/registry.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;          // NOLINT(google-build-using-namespace)
using namespace paddock::plugin;  // NOLINT(google-build-using-namespace)

namespace {

void add(const std::filesystem::path& search,
         const std::string& id,
         const std::string& kind,
         const std::string& summary = "s") {
  test::write_text(search / id / "manifest.toml", "id = '" + id + "'\nkind = '" + kind +
                                                      "'\nversion = '1'\nabi = 1\nsummary = '" +
                                                      summary + "'\nmethods = []\n");
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
                   "'s'\nmethods = []\n");
  Settings settings;
  settings.search = {{dir.path(), Mode::kInProcess}};
  CHECK(ids_of(Registry::discover(settings)->of_kind(Kind::kBackend)) ==
        std::vector<std::string>{"sly"});
}
