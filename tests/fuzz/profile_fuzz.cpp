// PR02: bytes as a profile that is not the user's: parse, check, merge over a strict base, resolve
// paths as text. Whatever they say, the sandbox may not get wider, and every problem has a place.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/render.hpp"
#include "profile/check.hpp"
#include "profile/merge.hpp"
#include "profile/settle.hpp"
#include "profile/stage.hpp"
#include "profile/toml_document.hpp"

namespace {

using namespace paddock;           // NOLINT(google-build-using-namespace)
using namespace paddock::profile;  // NOLINT(google-build-using-namespace)

constexpr const char* kBase = R"(schema_version = 1
process = { umask = "0022", uid = 1000 }
network = { mode = "none" }
workspace = { root = "/srv/project", mode = "ro" }
resources = { memory = "1GiB", pids = 64, best_effort = ["memory"] }
[hardener.baseline]
keep = ["CAP_CHOWN"]
masked_paths = ["/proc/kcore"]
[[mounts]]
target = "/data"
source = "/srv/data"
)";

OptionSpec option(const char* key, OptionType type, Narrowing narrowing) {
  OptionSpec row;
  row.key = key;
  row.type = type;
  row.narrowing = narrowing;
  return row;
}

Context make_context() {
  Context context;
  context.cwd = "/srv/project";
  context.home = "/home/nobody";
  context.hostname = "host";
  context.os = "linux";
  context.architecture = "x86_64";
  context.plugin_options["baseline"] = {
      option("keep", OptionType::kTexts, Narrowing::kSubset),
      option("masked_paths", OptionType::kTexts, Narrowing::kSuperset),
      option("nofile", OptionType::kInteger, Narrowing::kLess)};
  context.known_plugins = {"baseline"};
  return context;
}

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

SourceFile file_of(Node root, Trust trust, const char* directory, const char* name) {
  SourceFile file;
  file.root = std::move(root);
  file.layer = Layer{name, std::string(name) + ".toml", trust, ""};
  file.path = std::string(directory) + "/" + name + ".toml";
  return file;
}

void check_outcome(const Merged& merged) {
  const Node& root = merged.root;
  require(*root.find("network.mode")->text() == "none");
  require(*root.find("workspace.mode")->text() == "ro");
  require(*root.find("process.uid")->integer() == 1000);
  require(*root.find("resources.pids")->integer() <= 64);
  require(root.find("hardener")->table()->size() == 1);
  require(root.find("hooks") == nullptr && root.find("resolve") == nullptr);
  require(is_inside(*root.find("workspace.root")->text(), "/srv/project"));
  require(merged.widenings.empty());
}

void check_error(const Error& error) {
  require(error.where.has_value() && !error.what.empty());
  require(error_code_info(error.code).code == error.code);
  require(!render(error).empty() && !render_json(error).empty());
  for (const Error& other : error.others) {
    if (other.where) {
      check_error(other);
    }
  }
}

void merge(const Context& context, Lineage lineage, Problems& problems) {
  lineage.ancestors = {{}, {true}};
  lineage.parents = {{}, {}};
  auto stages = make_stages(lineage, {}, context, problems);
  Request request;
  request.check_paths = false;
  settle_stages(stages, "box", context, problems);
  Merged merged = merge_stages(stages, lineage, context, problems);
  if (problems.empty()) {
    check_outcome(merged);
  }
  settle_merged(merged, request, context, problems);
}

void run(const std::string& text) {
  static const Context context = make_context();
  static const Node base = *parse_toml(kBase, "base.toml");
  Problems problems;
  std::vector<Error> slips;
  auto root = parse_toml(text, "repo.toml", slips);
  problems.add_source("repo.toml", text);
  for (Error& slip : slips) {
    problems.add(std::move(slip));
  }
  if (!root) {
    return check_error(root.error());
  }
  drop_keys(*root, check_shape(*root, context, Shape::kFile, problems));
  Lineage lineage;
  lineage.files.push_back(file_of(base, Trust::kShipped, "/usr/share", "base"));
  lineage.files.push_back(file_of(std::move(*root), Trust::kForeign, "/srv/project", "repo"));
  merge(context, std::move(lineage), problems);
  if (!problems.empty()) {
    check_error(problems.take().value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
