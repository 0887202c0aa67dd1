#include "profile/merge.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>

#include "profile/check.hpp"
#include "profile/core_options.hpp"
#include "profile/merge_leaf.hpp"
#include "profile/merge_mounts.hpp"
#include "profile/names.hpp"
#include "profile/narrowing.hpp"
#include "profile/rights.hpp"

namespace paddock::profile {
namespace {

using Table = Node::Table;

// A value of a table of strings whose entries may not be changed, only added or dropped.
const OptionSpec& entry_option(const OptionSpec& table) {
  static const OptionSpec kFixed = {"", OptionType::kText, Narrowing::kFixed, {}, {}, {}, {}, false,
                                    ""};
  static const OptionSpec kFree = {"", OptionType::kText, Narrowing::kFree, {}, {}, {}, {}, false,
                                   ""};
  return table.narrowing == Narrowing::kFree ? kFree : kFixed;
}

class Merger {
 public:
  Merger(const Lineage& lineage, const Context& context, Problems& problems)
      : context_(context),
        problems_(problems),
        rights_(lineage, context, problems),
        history_(lineage),
        leaves_(rights_, history_),
        mounts_(rights_, history_, leaves_, merged_.root, merged_.confined) {}

  void apply(const Stage& stage) {
    stage_ = &stage;
    leaves_.enter(stage);
    rights_.enter(stage);
    // First the workspace: mounts of a part of it are judged by where it is.
    if (const Node* workspace = stage.tree.find("workspace")) {
      merge_table("workspace", *workspace, child(root(), "workspace", *workspace));
    }
    for (const auto& [key, value] : *stage.tree.table()) {
      if (key == "workspace") {
        continue;
      }
      if (key == "mounts") {
        mounts_.merge(value, stage);
      } else if (key == "hooks") {
        merge_hooks(value);
      } else if (key == "hardener") {
        merge_hardeners(value);
      } else if (key == "resolve") {
        merge_resolve(value);
      } else {
        merge_table(key, value, child(root(), key, value));
      }
    }
  }

  Merged take() {
    history_.close(problems_);
    place_lists();
    if (!has_folders(merged_.root) && merged_.root.find("workspace.folders") != nullptr) {
      std::get<Table>(merged_.root.find("workspace")->value).erase("folders");
    }
    merged_.widenings = rights_.take_widenings();
    merged_.gains = rights_.take_gains();
    return std::move(merged_);
  }

 private:
  Table& root() { return std::get<Table>(merged_.root.value); }

  // The table of that key in the merged tree, made on first use with the place of `like`.
  static Node& child(Table& table, const std::string& key, const Node& like) {
    const auto [found, added] = table.try_emplace(key);
    if (added) {
      found->second = placed_like(Table{}, like);
    }
    return found->second;
  }

  void merge_table(const std::string& path, const Node& from, Node& into) {
    auto& table = std::get<Table>(into.value);
    for (const auto& [key, value] : *from.table()) {
      const std::string below = path + "." + key;
      if (below == "workspace.folders") {
        merge_folders(value, child(table, key, value));
        continue;
      }
      const OptionSpec* option = option_at(below, context_);
      if (option == nullptr) {
        merge_table(below, value, child(table, key, value));
      } else if (option->type == OptionType::kTextTable) {
        merge_texts(below, *option, value, child(table, key, value));
      } else {
        leaves_.merge(below, *option, value, {&table, key});
      }
    }
  }

  // ---- workspace ------------------------------------------------------------------------------

  void merge_folders(const Node& from, Node& into) {
    auto& table = std::get<Table>(into.value);
    const bool listed = history_.any_below("workspace.folders.", *stage_);
    for (const auto& [name, value] : *from.table()) {
      const std::string path = "workspace.folders." + name;
      auto below = history_.below(path, *stage_);
      if (below.empty() && listed &&
          !rights_.asked(value, "adds the workspace folder '" + name + "'")) {
        continue;
      }
      // The first folders take the place of the root, and may do no more than it.
      if (below.empty()) {
        below = history_.below("workspace.mode", *stage_);
      }
      if (below.empty() || leaves_.is_allowed(path, folder_option(), value, below)) {
        history_.say(path, folder_option(), value, *stage_, {&table, name});
      }
    }
  }

  // ---- tables of strings ----------------------------------------------------------------------

  void merge_texts(const std::string& path,
                   const OptionSpec& option,
                   const Node& from,
                   Node& into) {
    auto& table = std::get<Table>(into.value);
    for (const auto& [key, value] : *from.table()) {
      const std::string entry = path + "." + key;
      const auto below = history_.below(entry, *stage_);
      const std::string& text = *value.text();
      const bool same = !below.empty() && std::all_of(below.begin(), below.end(), [&](auto* word) {
        return *word->text() == text;
      });
      if (same || entry_allowed(path, option, key, value, below.empty())) {
        history_.say(entry, entry_option(option), value, *stage_, {&table, key});
      }
    }
  }

  bool entry_allowed(const std::string& path,
                     const OptionSpec& option,
                     const std::string& key,
                     const Node& value,
                     bool added) {
    // What the user gives his own sandboxes may be a secret, whatever its name.
    if (path == "process.env" && stage_->kind != StageKind::kSet &&
        (is_home_variable(key) || stage_->layer.trust == Trust::kUser)) {
      return rights_.granted(value, "sets the environment variable '" + key + "'");
    }
    if (option.narrowing == Narrowing::kFree ||
        (option.narrowing == Narrowing::kSuperset && added)) {
      return true;
    }
    return rights_.granted(value,
                           (added ? "adds '" : "changes '") + shown(key) + "' in '" + path + "'");
  }

  // Where programs look for their settings and code: a repository has no say in it.
  static bool is_home_variable(const std::string& key) {
    const auto starts = [&](std::string_view text) { return key.rfind(text, 0) == 0; };
    return key == "HOME" || starts("XDG_") || starts("LD_") || starts("PADDOCK_");
  }

  // ---- plugins --------------------------------------------------------------------------------

  void merge_hardeners(const Node& from) {
    Node& all = child(root(), "hardener", from);
    auto& ids = std::get<Table>(all.value);
    for (const auto& [id, table] : *from.table()) {
      if (ids.count(id) == 0 &&
          !rights_.granted(table, "names the plugin '" + id + "', which no profile below it does",
                           to_json(table))) {
        continue;
      }
      merge_table("hardener." + id, table, child(ids, id, table));
    }
  }

  void merge_hooks(const Node& from) {
    for (const Node& entry : *from.array()) {
      const std::string& id = *entry.find("id")->text();
      const std::string& phase = *entry.find("phase")->text();
      const auto found = std::find_if(hooks_.begin(), hooks_.end(), [&](const Node& hook) {
        return *hook.find("id")->text() == id && *hook.find("phase")->text() == phase;
      });
      if (found != hooks_.end()) {
        merge_hook(entry, id, phase, *found);
        continue;
      }
      Node named = entry;
      named.key_where = entry.find("id")->where;
      if (rights_.granted(named, "asks for the hook '" + id + "'", to_json(entry))) {
        hooks_.push_back(
            placed_like(Table{{"id", *entry.find("id")}, {"phase", *entry.find("phase")}}, entry));
        merge_hook(entry, id, phase, hooks_.back());
      }
    }
  }

  void merge_hook(const Node& entry, const std::string& id, const std::string& phase, Node& into) {
    const auto& options = context_.plugin_options.at(id);
    auto& table = std::get<Table>(into.value);
    for (const auto& [key, value] : *entry.table()) {
      const auto option = std::find_if(options.begin(), options.end(),
                                       [&k = key](const OptionSpec& row) { return row.key == k; });
      if (option != options.end()) {
        leaves_.merge("hooks." + id + "." + phase + "." + key, *option, value, {&table, key});
      }
    }
  }

  void merge_resolve(const Node& from) {
    Node& all = child(root(), "resolve", from);
    auto& table = std::get<Table>(all.value);
    static const OptionSpec kWinner = {
        "", OptionType::kText, Narrowing::kFixed, {}, {}, {}, {}, false, ""};
    for (const auto& [pointer, winner] : *from.table()) {
      if (rights_.granted(winner, "settles a conflict of plugins")) {
        history_.say("resolve." + pointer, kWinner, winner, *stage_, {&table, pointer});
      }
    }
  }

  void place_lists() {
    if (auto mounts = mounts_.take()) {
      root().insert_or_assign("mounts", std::move(*mounts));
    }
    if (!hooks_.empty()) {
      Node& list = child(root(), "hooks", hooks_.front());
      list.value =
          Node::Array(std::move_iterator(hooks_.begin()), std::move_iterator(hooks_.end()));
    }
  }

  const Context& context_;
  Problems& problems_;
  Rights rights_;
  const Stage* stage_ = nullptr;
  Merged merged_;
  History history_;
  LeafMerger leaves_;
  MountMerger mounts_;
  std::deque<Node> hooks_;  // their tables stay where they are
};

}  // namespace

Merged merge_stages(const std::vector<Stage>& stages,
                    const Lineage& lineage,
                    const Context& context,
                    Problems& problems) {
  Merger merger(lineage, context, problems);
  for (const Stage& stage : stages) {
    merger.apply(stage);
  }
  return merger.take();
}

}  // namespace paddock::profile
