// The schema for editors and the loader say the same about the same documents.
#include <nlohmann/json.hpp>

#include "host/profile/json_schema.hpp"
#include "host/profile/world.hpp"
#include "profile/check.hpp"
#include "profile/problems.hpp"
#include "profile/toml_document.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using Json = nlohmann::json;

// Tables that may follow "schema_version = 1"; all sound.
const std::vector<std::string> kGood = {
    "",
    "name = 'a'",
    "name = 'a.b_c-1'",
    "description = 'x'",
    "extends = []",
    "extends = ['a', 'b']",
    "backend.prefer = ['bubblewrap']",
    "backend.isolation = 'vm'",
    "image.reference = 'x'",
    "process.command = ['ls', 'ls']",
    "process.cwd = '/'",
    "process.cwd = '${workspace}'",
    "process.env = {}",
    "process.env = { A = '', _b1 = 'x' }",
    "process.uid = 1",
    "process.gid = 4294967294",
    "process.init = false",
    "process.umask = '0777'",
    "process.hostname = 'a'",
    "process.hostname = '${name}-box'",
    "process.hostname = 'a.b-c'",
    "workspace.root = '.'",
    "workspace.mode = 'ro'",
    "workspace.folders = {}",
    "workspace.folders.Projects = 'rw'",
    "resources.memory = 8388608",
    "resources.memory = '512MiB'",
    "resources.memory = '8388608'",
    "resources.memory = '9GB'",
    "resources.cpus = 1",
    "resources.cpus = 0.5",
    "resources.cpus = 4096",
    "resources.pids = 1",
    "resources.files = 16",
    "resources.disk = '1TiB'",
    "resources.best_effort = []",
    "resources.best_effort = ['memory', 'disk']",
    "network.mode = 'none'",
    "network.mode = 'bridge'",
    "network = {}",
    "mounts = []",
    "[[mounts]]\ntarget = '/x'\nsource = '/y'",
    "[[mounts]]\ntarget = '/x'\nsource = '/y'\ntype = 'bind'\nmode = 'rw'\nexec = false",
    "[[mounts]]\ntarget = '/x'\ntype = 'tmpfs'\nsize = '1MiB'",
    "[hardener.baseline]",
    "hardener = {}",
    "hardener.baseline.keep = ['CAP_CHOWN']",
    "hardener.baseline.nofile = 16",
    "hardener.baseline.core = '1KiB'",
    "hardener.baseline.umask = '0027'",
    "hooks = []",
    "[[hooks]]\nid = 'tell'\nphase = 'after-stop'\nwhere = 'x'",
    "resolve = {}",
    "resolve.'/process/umask' = 'baseline'",
    "host = {}",
    "host.x = {}",
    "host.'os:linux'.network.mode = 'none'",
    "host.'*'.resources.pids = 3",
    "host.'arch:x86_64'.hardener.baseline.keep = []"};

// The same, each wrong in one way that a schema can express.
const std::vector<std::string> kBad = {
    "name = 'A'",
    "name = 'a..b'",
    "name = ''",
    "name = 1",
    "description = 1",
    "extends = 'a'",
    "extends = ['../a']",
    "extends = ['a.toml']",
    "extends = ['a', 'a']",
    "extends = [1]",
    "unknown = 1",
    "backend = 1",
    "backend.prefer = []",
    "backend.prefer = ['-v']",
    "backend.prefer = ['a', 'a']",
    "backend.isolation = 'none'",
    "backend.other = 1",
    "image.reference = 1",
    "image.pull = 'sometimes'",
    "process.command = []",
    "process.command = 'ls'",
    "process.command = [1]",
    "process.cwd = 'x'",
    "process.cwd = ''",
    "process.env = []",
    "process.env.A = 1",
    "process.env.'A B' = 'x'",
    "process.env.'1A' = 'x'",
    "process.uid = 0",
    "process.uid = 4294967295",
    "process.uid = '1'",
    "process.gid = 1.5",
    "process.init = 'yes'",
    "process.umask = '22'",
    "process.umask = '0888'",
    "process.umask = 18",
    "process.hostname = '-a'",
    "process.hostname = 'a_b'",
    "process.user = 'x'",
    "workspace = 'x'",
    "workspace.mode = 'none'",
    "workspace.folders = ['a']",
    "workspace.folders.a = 'wo'",
    "workspace.folders.'a/b' = 'ro'",
    "workspace.folders.'..' = 'ro'",
    "resources.memory = true",
    "resources.memory = -1",
    "resources.memory = 1",
    "resources.memory = '1e99'",
    "resources.memory = '1.5GiB'",
    "resources.memory = '-1'",
    "resources.memory = '1 GiB'",
    "resources.cpus = 0",
    "resources.cpus = '1'",
    "resources.cpus = 4097",
    "resources.pids = 0",
    "resources.pids = 1.5",
    "resources.files = 15",
    "resources.best_effort = 'memory'",
    "resources.best_effort = ['files']",
    "resources.best_effort = ['memory', 'memory']",
    "resources.memroy = '1GiB'",
    "network.mode = 'host'",
    "network.allow = []",
    "mounts = {}",
    "mounts = [1]",
    "[[mounts]]\nsource = '/x'",
    "[[mounts]]\ntarget = '/x'\ntype = 'overlay'",
    "[[mounts]]\ntarget = '/x'\ntype = 'tmpfs'\nsource = '/y'",
    "[[mounts]]\ntarget = '/x'\nsource = '/y'\nsize = 4096",
    "[[mounts]]\ntarget = '/x'\nsource = '/y'\nexec = 1",
    "[[mounts]]\ntarget = '/x'\nsource = '/y'\noptions = 'suid'",
    "hardener = []",
    "hardener.baseline = 1",
    "hardener.basline = {}",
    "hardener.tell = {}",
    "hardener.baseline.kepe = []",
    "hardener.baseline.keep = 'CAP_CHOWN'",
    "hardener.baseline.nofile = 1",
    "hardener.baseline.umask = '27'",
    "hooks = {}",
    "[[hooks]]\nid = 'tell'",
    "[[hooks]]\nid = 'baseline'\nphase = 'after-stop'",
    "[[hooks]]\nid = 'tell'\nphase = 'never'",
    "[[hooks]]\nid = 'tell'\nphase = 'after-stop'",
    "[[hooks]]\nid = 'tell'\nphase = 'after-stop'\nwhere = 1",
    "[[hooks]]\nid = 'tell'\nphase = 'after-stop'\nwhere = 'x'\nwhen = 'y'",
    "resolve = []",
    "resolve.'/x' = 1",
    "resolve.x = 'baseline'",
    "host = 1",
    "host.x = 1",
    "host.'a b' = {}",
    "host.x.name = 'a'",
    "host.x.host.y = {}",
    "host.x.network.mode = 'host'"};

class Judges {
 public:
  Judges() {
    world_.context.plugin_options["bubblewrap"] = {};
    OptionSpec where;
    where.key = "where";
    where.required = true;
    world_.context.plugin_options["tell"] = {where};
    world_.context.plugin_kinds = {
        {"baseline", "hardener"}, {"bubblewrap", "backend"}, {"tell", "hook"}};
    schema_ = Json::parse(profile::schema(world_.context));
  }

  // What the loader and the schema say; "" for sound.
  std::pair<std::string, std::string> ask(const std::string& text) const {
    const auto root = profile::parse_toml(text, "x.toml");
    REQUIRE(root.has_value());
    profile::Problems problems;
    profile::check_shape(*root, world_.context, profile::Shape::kFile, problems);
    const std::string loader = problems.empty() ? "" : problems.take().value().what;
    return {loader, schema_problem(schema_, Json::parse(to_json(*root)))};
  }

 private:
  World world_;
  Json schema_;
};

TEST_CASE("schema: loader and schema agree on sound documents", "[profile][schema]") {
  const Judges judges;
  for (const std::string& text : kGood) {
    INFO(text);
    const auto [loader, schema] = judges.ask("schema_version = 1\n" + text);
    CHECK(loader.empty());
    CHECK(schema.empty());
  }
  CHECK(judges.ask("").first.empty());
  CHECK(judges.ask("").second.empty());
}

TEST_CASE("schema: loader and schema agree on wrong documents", "[profile][schema]") {
  const Judges judges;
  for (const std::string& text : kBad) {
    INFO(text);
    const auto [loader, schema] = judges.ask("schema_version = 1\n" + text);
    CHECK_FALSE(loader.empty());
    CHECK_FALSE(schema.empty());
  }
  for (const std::string text : {"schema_version = 2", "schema_version = '1'", "name = 'a'"}) {
    CHECK_FALSE(judges.ask(text).first.empty());
    CHECK_FALSE(judges.ask(text).second.empty());
  }
  CHECK(kGood.size() + kBad.size() > 100);
}

TEST_CASE("schema: every key of the tables is in schema and reference", "[profile][schema]") {
  const World world;
  const std::string schema = profile::schema(world.context);
  const std::string reference = profile::reference(world.context);
  for (const char* key :
       {"memory", "best_effort", "hidden_paths", "isolation", "folders", "phase"}) {
    INFO(key);
    CHECK(schema.find("\"" + std::string(key) + "\":") != std::string::npos);
    CHECK(reference.find(key) != std::string::npos);
  }
  CHECK(schema.rfind("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n", 0) == 0);
  CHECK(reference.find("| `memory` | a size such as \"512MiB\", at least 8MiB |  | may only get "
                       "smaller | memory of all processes together |") != std::string::npos);
}

}  // namespace
}  // namespace paddock::test
