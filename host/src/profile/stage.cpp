#include "profile/stage.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "profile/check.hpp"
#include "profile/core_options.hpp"
#include "profile/host_match.hpp"
#include "profile/own_folder.hpp"
#include "profile/project.hpp"

namespace paddock::profile {
namespace {

void name_layer(Node& node, const std::string& layer) {
  node.layer = layer;
  if (auto* items = std::get_if<Node::Array>(&node.value)) {
    for (Node& item : *items) {
      name_layer(item, layer);
    }
  } else if (auto* table = std::get_if<Node::Table>(&node.value)) {
    for (auto& [key, item] : *table) {
      name_layer(item, layer);
    }
  }
}

Stage file_stage(const SourceFile& file, std::size_t index, const Context& context) {
  Stage stage;
  stage.layer = file.layer;
  stage.tree = file.root;
  stage.file = index;
  stage.directory = folder_of_profile(file.path);
  stage.may_widen = file.layer.trust != Trust::kForeign;
  stage.own_folder =
      stage.may_widen ? std::filesystem::path{} : own_folder(stage.directory, context);
  auto& table = std::get<Node::Table>(stage.tree.value);
  for (auto at = table.begin(); at != table.end();) {
    at = is_identity_key(at->first) || at->first == "host" ? table.erase(at) : std::next(at);
  }
  name_layer(stage.tree, stage.layer.name);
  return stage;
}

struct Override {
  std::string pattern;
  const Node* table;
};

// The overrides of a file that are for this machine, in the order of application.
std::vector<Override> matching_overrides(const SourceFile& file, const Context& context) {
  std::vector<Override> matching;
  const Node* host = file.root.find("host");
  if (host == nullptr || host->table() == nullptr) {
    return matching;
  }
  for (const auto& [pattern, table] : *host->table()) {
    if (matches_host(pattern, context)) {
      matching.push_back({pattern, &table});
    }
  }
  std::stable_sort(matching.begin(), matching.end(), [](const auto& a, const auto& b) {
    return host_pattern_rank(a.pattern) < host_pattern_rank(b.pattern);
  });
  return matching;
}

// A key that both set, each otherwise: neither pattern says more of this machine's name.
void report_clashes(const Override& one,
                    const Override& other,
                    const Node& left,
                    const Node& right,
                    Problems& problems) {
  for (const auto& [key, value] : *right.table()) {
    const auto found = left.table()->find(key);
    if (found == left.table()->end()) {
      continue;
    }
    const Node& before = found->second;
    if (before.table() != nullptr && value.table() != nullptr) {
      report_clashes(one, other, before, value, problems);
    } else if (to_json(before) != to_json(value)) {
      problems
          .add(ErrorCode::kDuplicate, value.key_where,
               "'" + key + "' is set by two overrides that match this machine alike: '" +
                   one.pattern + "' and '" + other.pattern + "'",
               "spell out more of the name in the one that should win")
          .context.push_back("the other is at " + before.key_where.file + ":" +
                             std::to_string(before.key_where.line) + ":" +
                             std::to_string(before.key_where.column));
    }
  }
}

std::vector<Stage> override_stages(const SourceFile& file,
                                   const Stage& own,
                                   const Context& context,
                                   Problems& problems) {
  const std::vector<Override> matching = matching_overrides(file, context);
  std::vector<Stage> stages;
  for (auto one = matching.begin(); one != matching.end(); ++one) {
    for (auto before = matching.begin(); before != one; ++before) {
      if (host_pattern_rank(before->pattern) == host_pattern_rank(one->pattern)) {
        report_clashes(*before, *one, *before->table, *one->table, problems);
      }
    }
    Stage stage = own;
    stage.kind = StageKind::kOverride;
    stage.layer.name += " [host." + one->pattern + "]";
    stage.tree = *one->table;
    name_layer(stage.tree, stage.layer.name);
    stages.push_back(std::move(stage));
  }
  return stages;
}

void add_sets(const std::vector<std::string>& sets,
              std::size_t file,
              const Context& context,
              std::vector<Stage>& stages,
              Problems& problems) {
  std::string source;
  for (const std::string& text : sets) {
    source += printable(text) + "\n";
  }
  problems.add_source("--set", source);
  std::uint32_t line = 0;
  for (const std::string& text : sets) {
    Result<Node> tree = parse_set(text, ++line, context);
    if (!tree) {
      problems.add(std::move(tree).error());
      continue;
    }
    Stage stage;
    stage.kind = StageKind::kSet;
    stage.layer = Layer{"--set", "", Trust::kUser, ""};
    stage.tree = std::move(*tree);
    stage.file = file;
    stage.directory = context.cwd;
    name_layer(stage.tree, "--set");
    stages.push_back(std::move(stage));
  }
}

}  // namespace

std::vector<Stage> make_stages(const Lineage& lineage,
                               const std::vector<std::string>& sets,
                               const Context& context,
                               Problems& problems) {
  std::vector<Stage> stages;
  for (std::size_t i = 0; i < lineage.files.size(); ++i) {
    stages.push_back(file_stage(lineage.files[i], i, context));
    auto more = override_stages(lineage.files[i], stages.back(), context, problems);
    std::move(more.begin(), more.end(), std::back_inserter(stages));
  }
  add_sets(sets, lineage.files.size(), context, stages, problems);
  return stages;
}

}  // namespace paddock::profile
