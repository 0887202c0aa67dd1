#include "host/profile/world.hpp"

#include <unistd.h>

#include "base/render.hpp"
#include "profile/toml_document.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, OptionType> kTypes = {
    {"boolean", OptionType::kBoolean},     {"integer", OptionType::kInteger},
    {"size", OptionType::kSize},           {"number", OptionType::kNumber},
    {"text", OptionType::kText},           {"texts", OptionType::kTexts},
    {"text-table", OptionType::kTextTable}};
const std::map<std::string, Narrowing> kRules = {
    {"free", Narrowing::kFree},         {"fixed", Narrowing::kFixed},
    {"true", Narrowing::kTrue},         {"false", Narrowing::kFalse},
    {"less", Narrowing::kLess},         {"subset", Narrowing::kSubset},
    {"superset", Narrowing::kSuperset}, {"stricter", Narrowing::kStricter},
    {"more-bits", Narrowing::kMoreBits}};

std::string versioned(const std::string& text) {
  return text.find("schema_version") == std::string::npos ? "schema_version = 1\n" + text : text;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

std::optional<std::int64_t> number(const Node& row, const char* key) {
  const Node* node = row.find(key);
  return node == nullptr ? std::nullopt : std::optional(*node->integer());
}

}  // namespace

std::vector<OptionSpec> manifest_options(const fs::path& manifest) {
  const auto root = profile::parse_toml(read_text(manifest), "manifest.toml");
  std::vector<OptionSpec> options;
  for (const Node& row : *root->find("option")->array()) {
    OptionSpec option;
    option.key = *row.find("key")->text();
    option.type = kTypes.at(*row.find("type")->text());
    option.narrowing = kRules.at(*row.find("narrowing")->text());
    option.minimum = number(row, "minimum");
    option.maximum = number(row, "maximum");
    option.doc = *row.find("doc")->text();
    if (const Node* value = row.find("default")) {
      option.default_value = Node(value->value);
    }
    options.push_back(std::move(option));
  }
  return options;
}

World::World() {
  const fs::path root = fs::canonical(dir.path());
  for (const char* name : {"user", "shipped", "home/project"}) {
    fs::create_directories(root / name);
  }
  for (const auto& entry : fs::directory_iterator(fs::path(PADDOCK_SOURCE_DIR) / "profiles")) {
    if (entry.path().extension() == ".toml") {
      fs::copy_file(entry.path(), root / "shipped" / entry.path().filename());
    }
  }
  context.user_dir = root / "user";
  context.shipped_dir = root / "shipped";
  context.approvals = root / "config" / "approved-profiles";
  context.cwd = root / "home/project";
  context.home = root / "home";
  context.hostname = "workbench";
  context.os = "linux";
  context.architecture = "x86_64";
  context.uid = ::getuid();
  context.gid = ::getgid();
  context.user = "tester";
  context.own_dirs = {root / "user", root / "config"};
  context.known_plugins = {"baseline", "bubblewrap"};
  context.plugin_options["baseline"] =
      manifest_options(fs::path(PADDOCK_SOURCE_DIR) / "plugins/hardeners/baseline/manifest.toml");
  context.plugin_options["bubblewrap"] = {};
}

std::string World::user(const std::string& name, const std::string& text) const {
  write_text(context.user_dir / (name + ".toml"), versioned(text));
  return name;
}

std::string World::shipped(const std::string& name, const std::string& text) const {
  write_text(context.shipped_dir / (name + ".toml"), versioned(text));
  return name;
}

std::string World::project(const std::string& name, const std::string& text) const {
  write_text(context.cwd / (name + ".toml"), versioned(text));
  return "./" + name + ".toml";
}

Result<profile::Profile> World::resolve(const std::string& name,
                                        std::vector<std::string> sets) const {
  profile::Request request;
  request.profile = name;
  request.sandbox_name = "box";
  request.sets = std::move(sets);
  return profile::resolve(request, context);
}

std::string World::problem(const std::string& name, std::vector<std::string> sets) const {
  const auto resolved = resolve(name, std::move(sets));
  return resolved ? std::string{} : tidy(render(resolved.error()));
}

std::string World::value(const std::string& name,
                         const std::string& path,
                         std::vector<std::string> sets) const {
  const auto resolved = resolve(name, std::move(sets));
  if (!resolved) {
    return tidy(render(resolved.error()));
  }
  const Node* node = resolved->root.find(path);
  return node == nullptr ? std::string{} : tidy(to_json(*node));
}

std::string World::tidy(std::string text) const {
  replace_all(text, context.user_dir.string(), "USER");
  replace_all(text, context.shipped_dir.string(), "SHIPPED");
  replace_all(text, context.cwd.string(), "PROJECT");
  replace_all(text, context.home.string(), "HOME");
  return text;
}

}  // namespace paddock::test
