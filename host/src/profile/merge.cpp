#include "profile/merge.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>

#include "profile/check.hpp"
#include "profile/core_options.hpp"
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
        history_(lineage) {}

  void apply(const Stage& stage) {
    stage_ = &stage;
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
        merge_mounts(value);
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
    if (!has_folders() && merged_.root.find("workspace.folders") != nullptr) {
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
      found->second = placed(Table{}, like);
    }
    return found->second;
  }

  static Node placed(Node::Value value, const Node& like) {
    Node node(std::move(value), like.where);
    node.key_where = like.key_where;
    node.layer = like.layer;
    return node;
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
        merge_leaf(below, *option, value, {&table, key});
      }
    }
  }

  void merge_leaf(const std::string& path, const OptionSpec& option, const Node& value, Slot slot) {
    if (path == kRootPath ? root_allowed(option, value)
                          : leaf_allowed(path, option, value, history_.below(path, *stage_))) {
      history_.say(path, option, value, *stage_, std::move(slot));
    }
  }

  // `below`: what `value` is about to take the place of.
  bool leaf_allowed(const std::string& path,
                    const OptionSpec& option,
                    const Node& value,
                    const std::vector<const Node*>& below) {
    if (!below.empty()) {
      const auto held = loosened(path, option, value, below);
      return !held || rights_.widened(path, value, *held, false, rule_text(option.narrowing));
    }
    if (path == "backend.prefer" && stage_->kind != StageKind::kSet) {
      return rights_.asked(value, "names backends, which no profile below it does");
    }
    if (option.default_value) {
      return !loosens(option, *option.default_value, value) ||
             rights_.widened(path, value, *option.default_value, true, rule_text(option.narrowing));
    }
    return option.narrowing != Narrowing::kFixed ||
           rights_.asked(value, "sets '" + path + "', which no profile below it does");
  }

  // The strictest of those in `below` that `value` loosens.
  static std::optional<Node> loosened(const std::string& path,
                                      const OptionSpec& option,
                                      const Node& value,
                                      const std::vector<const Node*>& below) {
    std::optional<Node> held;
    for (const Node* word : below) {
      if (loosens_at(path, option, *word, value)) {
        held = held ? strictest(option, *held, *word) : *word;
      }
    }
    return held;
  }

  // ---- workspace ------------------------------------------------------------------------------

  bool root_allowed(const OptionSpec& option, const Node& value) {
    const auto below = history_.below(std::string(kRootPath), *stage_);
    const std::string& root = *value.text();
    rights_.add_power(value.where, "has the workspace '" + shown(root) + "'", &value);
    if (below.empty()) {
      return (stage_->kind != StageKind::kSet && is_inside(root, stage_->own_folder.string())) ||
             rights_.asked(value,
                           "takes a workspace outside its own folder: '" + shown(root) + "'");
    }
    // Folders are root/NAME: below another root the same names are other folders.
    if (history_.any_below("workspace.folders.", *stage_)) {
      const auto moved = std::find_if(below.begin(), below.end(),
                                      [&](const Node* before) { return *before->text() != root; });
      return moved == below.end() || rights_.widened(std::string(kRootPath), value, **moved, false,
                                                     "may not move, for folders are listed");
    }
    const auto held = loosened(std::string(kRootPath), option, value, below);
    return !held || rights_.widened(std::string(kRootPath), value, *held, false,
                                    rule_text(Narrowing::kInside));
  }

  bool has_folders() const {
    const Node* folders = merged_.root.find("workspace.folders");
    return folders != nullptr && !folders->table()->empty();
  }

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
      if (below.empty() || leaf_allowed(path, folder_option(), value, below)) {
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
            placed(Table{{"id", *entry.find("id")}, {"phase", *entry.find("phase")}}, entry));
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
        merge_leaf("hooks." + id + "." + phase + "." + key, *option, value, {&table, key});
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

  // ---- mounts ---------------------------------------------------------------------------------

  void merge_mounts(const Node& from) {
    mounts_where_ = placed(Table{}, from);
    for (const Node& entry : *from.array()) {
      merge_mount(entry, *entry.find("target")->text());
    }
  }

  // An entry with a source or a type says all of a mount, and takes the place of one below it; an
  // entry without changes the keys that it names.
  void merge_mount(const Node& entry, const std::string& target) {
    const bool whole = entry.find("source") != nullptr || entry.find("type") != nullptr;
    const bool added = history_.below(mount_path(target, "target"), *stage_).empty();
    if (added && !mount_allowed(entry, target)) {
      return;
    }
    const bool replaced = !added && whole && may_replace();
    if (replaced) {
      replace_mount(entry, target);
    }
    auto& table =
        std::get<Table>(mounts_.try_emplace(target, placed(Table{}, entry)).first->second.value);
    for (const auto& [key, value] : *entry.table()) {
      const OptionSpec& option = mount_option(key);
      if (added || replaced) {
        history_.say(mount_path(target, key), option, value, *stage_, {&table, key});
      } else {
        merge_leaf(mount_path(target, key), option, value, {&table, key});
      }
    }
    if (whole && (added || replaced)) {
      say_defaults(entry, target, table);
    }
  }

  static std::string mount_path(const std::string& target, const std::string& key) {
    return "mounts." + target + "." + key;
  }

  static const OptionSpec& mount_option(const std::string& key) {
    const auto& rows = mount_table().options;
    return *std::find_if(rows.begin(), rows.end(),
                         [&](const OptionSpec& option) { return option.key == key; });
  }

  bool mount_allowed(const Node& entry, const std::string& target) {
    if (is_workspace_part(entry, target)) {
      if (!rights_.is_own()) {
        merged_.confined.insert(target);
      }
      return true;
    }
    Node named = entry;
    named.key_where = entry.find("target")->where;
    const std::string what = "mounts something at '" + shown(target) + "'";
    // An empty folder is nothing that a stranger could take over.
    return entry.find("source") == nullptr && entry.find("volume") == nullptr
               ? rights_.asked(named, what, to_json(entry))
               : rights_.granted(named, what, to_json(entry));
  }

  bool may_replace() const { return stage_->may_widen && stage_->layer.trust != Trust::kShipped; }

  void replace_mount(const Node& entry, const std::string& target) {
    const std::string change = "replaces the mount of " + place_text(mounts_.at(target).where);
    rights_.write_down(entry.where, change);
    rights_.granted(entry, change, to_json(entry));
    for (const OptionSpec& option : mount_table().options) {
      history_.retract(mount_path(target, option.key), *stage_);
    }
    Node& into = mounts_.at(target);
    into.where = entry.where;
    into.layer = entry.layer;
  }

  // What a whole entry leaves out is said too: of two parents' mounts the stricter one holds.
  void say_defaults(const Node& entry, const std::string& target, Table& table) {
    const Node* type = entry.find("type");
    const bool bind = type == nullptr || *type->text() == "bind";
    for (const auto& [key, value] :
         {std::pair("type", "bind"), std::pair("mode", bind ? "ro" : "rw")}) {
      if (entry.find(key) == nullptr) {
        const Node& said = made_.emplace_back(placed(std::string(value), entry));
        history_.say(mount_path(target, key), mount_option(key), said, *stage_, {&table, key});
      }
    }
  }

  // A read-only mount of a piece of the workspace at its own place takes away, and grants nothing.
  bool is_workspace_part(const Node& entry, const std::string& target) const {
    const Node* root = merged_.root.find("workspace.root");
    const Node* source = entry.find("source");
    const Node* mode = entry.find("mode");
    constexpr std::string_view kWorkspace = "/workspace/";
    if (root == nullptr || source == nullptr || (mode != nullptr && *mode->text() != "ro") ||
        target.rfind(kWorkspace, 0) != 0) {
      return false;
    }
    const std::string part = target.substr(kWorkspace.size());
    const Node* folders = merged_.root.find("workspace.folders");
    if (has_folders() && folders->table()->count(part.substr(0, part.find('/'))) == 0) {
      return false;
    }
    return *source->text() == (std::filesystem::path(*root->text()) / part).string() &&
           part.find("..") == std::string::npos;
  }

  void place_lists() {
    if (!mounts_.empty()) {
      Node& list = child(root(), "mounts", mounts_where_);
      Node::Array items;
      for (auto& [target, entry] : mounts_) {
        items.push_back(std::move(entry));
      }
      list.value = std::move(items);
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
  std::map<std::string, Node> mounts_;  // by target
  Node mounts_where_;
  std::deque<Node> hooks_;  // their tables stay where they are
  std::deque<Node> made_;   // values that no file holds
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
