#include "profile/merge.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "profile/check.hpp"
#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/names.hpp"
#include "profile/narrowing.hpp"

namespace paddock::profile {
namespace {

using Table = Node::Table;

std::string place_text(const SourcePos& where) {
  return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

class Merger {
 public:
  Merger(const Lineage& lineage, const Context& context, Problems& problems)
      : lineage_(lineage), context_(context), problems_(problems) {}

  void apply(const Stage& stage) {
    stage_ = &stage;
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
    place_lists();
    if (!has_folders() && merged_.root.find("workspace.folders") != nullptr) {
      std::get<Table>(merged_.root.find("workspace")->value).erase("folders");
    }
    return std::move(merged_);
  }

 private:
  Table& root() { return std::get<Table>(merged_.root.value); }

  // The table of that key in the merged tree, made on first use with the place of `like`.
  static Node& child(Table& table, const std::string& key, const Node& like) {
    const auto [found, added] = table.try_emplace(key);
    if (added) {
      found->second.where = like.where;
      found->second.key_where = like.key_where;
      found->second.layer = like.layer;
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
        merge_leaf(below, *option, value, table, key);
      }
    }
  }

  void merge_leaf(const std::string& path,
                  const OptionSpec& option,
                  const Node& value,
                  Table& table,
                  const std::string& key) {
    const auto found = table.find(key);
    const Node* before = found == table.end() ? nullptr : &found->second;
    if (path == "workspace.root" ? root_allowed(value, before)
                                 : leaf_allowed(path, option, value, before)) {
      const bool sibling = before != nullptr && !is_below(path) && loosens(option, *before, value);
      Node merged = sibling ? strictest(option, *before, value) : value;
      // An empty list of backends would mean any of them.
      if (path == "backend.prefer" && sibling && merged.array()->empty()) {
        problems_
            .add(ErrorCode::kBadValue, value.where,
                 "two parents of this profile agree on no backend")
            .context.push_back(fixed_by(*before));
        return;
      }
      table[key] = std::move(merged);
      owners_[path] = stage_->file;
    }
  }

  // Whether the stage that wrote `path` is below the current one; two parents of one profile are
  // not, and meet at the strictest of both.
  bool is_below(const std::string& path) const {
    const auto owner = owners_.find(path);
    return owner == owners_.end() || owner->second == stage_->file ||
           stage_->kind == StageKind::kSet || lineage_.ancestors[stage_->file][owner->second];
  }

  bool leaf_allowed(const std::string& path,
                    const OptionSpec& option,
                    const Node& value,
                    const Node* before) {
    if (path == "backend.prefer" && !stage_->may_widen && stage_->kind != StageKind::kSet &&
        before == nullptr) {
      return untrusted(value, "names backends, which no profile below it does");
    }
    if (before != nullptr && !is_below(path)) {
      return true;
    }
    const Node* baseline = before;
    if (baseline == nullptr && option.default_value) {
      baseline = &*option.default_value;
    }
    if (baseline == nullptr) {
      return option.narrowing != Narrowing::kFixed || stage_->may_widen ||
             untrusted(value, "sets '" + path + "', which no profile below it does");
    }
    if (!loosens(option, *baseline, value)) {
      return true;
    }
    return widened(path, value, *baseline, before, rule_text(option.narrowing));
  }

  // A loosening: written down where the stage has the right to it, else a problem with both places.
  bool widened(const std::string& path,
               const Node& value,
               const Node& baseline,
               const Node* before,
               std::string_view rule) {
    const std::string change =
        "'" + path + "' = " + to_json(value) + " loosens " + to_json(baseline);
    if (stage_->may_widen && stage_->layer.trust == Trust::kShipped) {
      return true;
    }
    if (stage_->may_widen) {
      merged_.widenings.push_back(
          place_text(value.where) + ": " + change +
          (before == nullptr ? ", the default" : " of " + place_text(before->where)));
      return true;
    }
    Error& error = problems_.add(ErrorCode::kWidening, value.where, change);
    error.context.push_back(before == nullptr ? std::string("by default it is ") + to_json(baseline)
                                              : fixed_by(*before));
    error.hints.push_back("'" + path + "' " + std::string(rule) + remedy());
    return false;
  }

  std::string fixed_by(const Node& before) const {
    const std::string line = problems_.line(before.where);
    return "fixed by " + place_text(before.where) + (line.empty() ? "" : ": " + line);
  }

  std::string remedy() const {
    if (stage_->kind == StageKind::kSet) {
      return " on the command line; a profile of your own may widen";
    }
    return " here; to allow it: paddock profile approve '" + stage_->layer.file + "'";
  }

  bool untrusted(const Node& value, const std::string& what) {
    const SourcePos& where = value.key_where.line == 0 ? value.where : value.key_where;
    const bool set = stage_->kind == StageKind::kSet;
    Error& error = problems_.add(set ? ErrorCode::kWidening : ErrorCode::kUntrusted, where,
                                 set ? "--set " + what : "a profile that is not yours " + what);
    error.hints.push_back(set ? "write it into a profile of your own"
                              : "look at it, then: paddock profile approve '" + stage_->layer.file +
                                    "'");
    return false;
  }

  // ---- workspace ------------------------------------------------------------------------------

  bool root_allowed(const Node& value, const Node* before) {
    const std::string& root = *value.text();
    // Folders are root/NAME: below another root the same names are other folders.
    if (before != nullptr && has_folders() && !stage_->may_widen && root != *before->text()) {
      return widened("workspace.root", value, *before, before,
                     "may not move, for folders are listed");
    }
    if (before != nullptr) {
      return is_inside(root, *before->text()) ||
             widened("workspace.root", value, *before, before, rule_text(Narrowing::kInside));
    }
    if (stage_->may_widen ||
        (stage_->kind != StageKind::kSet && is_inside(root, stage_->directory.string()))) {
      return true;
    }
    return untrusted(value, "takes a workspace outside its own folder: '" + shown(root) + "'");
  }

  bool has_folders() const {
    const Node* folders = merged_.root.find("workspace.folders");
    return folders != nullptr && !folders->table()->empty();
  }

  void merge_folders(const Node& from, Node& into) {
    auto& table = std::get<Table>(into.value);
    const bool listed = !table.empty();
    const Node* mode = merged_.root.find("workspace.mode");
    for (const auto& [name, value] : *from.table()) {
      const std::string path = "workspace.folders." + name;
      const auto found = table.find(name);
      const bool added = found == table.end();
      if (added && listed && !stage_->may_widen) {
        untrusted(value, "adds the workspace folder '" + name + "'");
        continue;
      }
      // The first folders take the place of the root, and may do no more than it.
      const Node* before = added ? mode : &found->second;
      if (added && before == nullptr ? true : leaf_allowed(path, folder_option(), value, before)) {
        merge_folder(path, value, table, name);
      }
    }
  }

  void merge_folder(const std::string& path,
                    const Node& value,
                    Table& table,
                    const std::string& name) {
    const auto found = table.find(name);
    const bool sibling =
        found != table.end() && !is_below(path) && loosens(folder_option(), found->second, value);
    if (!sibling) {
      table[name] = value;
    }
    owners_[path] = stage_->file;
  }

  // ---- tables of strings ----------------------------------------------------------------------

  void merge_texts(const std::string& path,
                   const OptionSpec& option,
                   const Node& from,
                   Node& into) {
    auto& table = std::get<Table>(into.value);
    for (const auto& [key, value] : *from.table()) {
      const auto found = table.find(key);
      const bool same = found != table.end() && found->second.text() != nullptr &&
                        *found->second.text() == *value.text();
      if (stage_->may_widen || same ||
          entry_allowed(path, option, key, value, found == table.end())) {
        table[key] = value;
        owners_[path + "." + key] = stage_->file;
      }
    }
  }

  bool entry_allowed(const std::string& path,
                     const OptionSpec& option,
                     const std::string& key,
                     const Node& value,
                     bool added) {
    if (path == "process.env" && stage_->kind != StageKind::kSet && is_home_variable(key)) {
      return untrusted(value, "sets the environment variable '" + key + "'");
    }
    if (option.narrowing == Narrowing::kFree ||
        (option.narrowing == Narrowing::kSuperset && added)) {
      return true;
    }
    return untrusted(value, (added ? "adds '" : "changes '") + shown(key) + "' in '" + path + "'");
  }

  // Where programs look for their settings and code: a repository has no say in it.
  static bool is_home_variable(const std::string& key) {
    const auto starts = [&](std::string_view text) { return key.rfind(text, 0) == 0; };
    return key == "HOME" || starts("XDG_") || starts("LD_") || starts("PADDOCK_");
  }

  // ---- plugins --------------------------------------------------------------------------------

  void merge_hardeners(const Node& from) {
    for (const auto& [id, table] : *from.table()) {
      Node& all = child(root(), "hardener", from);
      auto& ids = std::get<Table>(all.value);
      if (ids.count(id) == 0 && !stage_->may_widen) {
        untrusted(table, "names the plugin '" + id + "', which no profile below it does");
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
        merge_hook(entry, id, *found);
      } else if (stage_->may_widen) {
        hooks_.push_back(entry);
      } else {
        Node named = entry;
        named.key_where = entry.find("id")->where;
        untrusted(named, "asks for the hook '" + id + "'");
      }
    }
  }

  void merge_hook(const Node& entry, const std::string& id, Node& into) {
    const auto& options = context_.plugin_options.at(id);
    auto& table = std::get<Table>(into.value);
    for (const auto& [key, value] : *entry.table()) {
      const auto option = std::find_if(options.begin(), options.end(),
                                       [&k = key](const OptionSpec& row) { return row.key == k; });
      if (option != options.end()) {
        merge_leaf("hooks." + id + "." + key, *option, value, table, key);
      } else if (key != "id" && key != "phase" &&
                 (stage_->may_widen || untrusted(value, "changes the hook '" + id + "'"))) {
        table[key] = value;
      }
    }
  }

  void merge_resolve(const Node& from) {
    Node& all = child(root(), "resolve", from);
    auto& table = std::get<Table>(all.value);
    for (const auto& [pointer, winner] : *from.table()) {
      if (stage_->may_widen || untrusted(winner, "settles a conflict of plugins")) {
        table[pointer] = winner;
      }
    }
  }

  // ---- mounts ---------------------------------------------------------------------------------

  void merge_mounts(const Node& from) {
    mounts_where_ = from;
    for (const Node& entry : *from.array()) {
      const std::string& target = *entry.find("target")->text();
      const auto found = mounts_.find(target);
      if (found == mounts_.end()) {
        add_mount(entry, target);
      } else if (stage_->may_widen && (entry.find("source") || entry.find("type"))) {
        replace_mount(entry, found->second);
      } else {
        for (const auto& [key, value] : *entry.table()) {
          merge_mount_key("mounts." + target + "." + key, key, value, found->second);
        }
      }
    }
  }

  void add_mount(const Node& entry, const std::string& target) {
    const bool shrinks = is_workspace_part(entry, target);
    if (!stage_->may_widen && !shrinks) {
      Node named = entry;
      named.key_where = entry.find("target")->where;
      untrusted(named, "mounts something at '" + shown(target) + "'");
      return;
    }
    if (!stage_->may_widen) {
      merged_.confined.insert(target);
    }
    mounts_.emplace(target, entry);
    for (const auto& [key, value] : *entry.table()) {
      owners_["mounts." + target + "." + key] = stage_->file;
    }
  }

  void replace_mount(const Node& entry, Node& into) {
    if (stage_->layer.trust == Trust::kShipped) {
      into = entry;
      return;
    }
    merged_.widenings.push_back(place_text(entry.where) + ": replaces the mount of " +
                                place_text(into.where));
    into = entry;
  }

  void merge_mount_key(const std::string& path,
                       const std::string& key,
                       const Node& value,
                       Node& into) {
    const auto& rows = mount_table().options;
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const OptionSpec& option) { return option.key == key; });
    OptionSpec option = *row;
    const Node* type = into.find("type");
    if (key == "mode" && type != nullptr && *type->text() == "tmpfs") {
      option.default_value = Node(std::string("rw"));
    }
    merge_leaf(path, option, value, std::get<Table>(into.value), key);
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

  const Lineage& lineage_;
  const Context& context_;
  Problems& problems_;
  const Stage* stage_ = nullptr;
  Merged merged_;
  std::map<std::string, std::size_t> owners_;  // by dotted path: the file that wrote it last
  std::map<std::string, Node> mounts_;         // by target
  Node mounts_where_;
  std::vector<Node> hooks_;
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

bool is_inside(const std::string& path, const std::string& directory) {
  if (directory.empty() || path.compare(0, directory.size(), directory) != 0) {
    return false;
  }
  return path.size() == directory.size() || directory.back() == '/' ||
         path[directory.size()] == '/';
}

}  // namespace paddock::profile
