#include "profile/settle.hpp"

#include <filesystem>

#include "profile/check.hpp"
#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"
#include "profile/variables.hpp"
#include "profile/writable.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

std::string& text_of(Node& node) {
  return std::get<std::string>(node.value);
}

// A value that holds "${" itself must survive the second pass as it is.
std::string escaped(std::string value) {
  for (std::size_t at = value.find("${"); at != std::string::npos; at = value.find("${", at + 3)) {
    value.insert(at, "$");
  }
  return value;
}

Bindings bindings_of(const std::string& name, const Context& context) {
  return {{"name", escaped(name)},
          {"uid", std::to_string(context.uid)},
          {"gid", std::to_string(context.gid)},
          {"home", escaped(context.home.string())},
          {"user", escaped(context.user)},
          {"cwd", escaped(context.cwd.string())},
          {"hostname", escaped(context.hostname)}};
}

class Settler {
 public:
  Settler(const Request& request, const Context& context, Problems& problems)
      : must_exist_(request.check_paths), context_(context), problems_(problems) {}

  // Whether the stage has no root, or one that can be worked with.
  bool settle_root(Stage& stage) {
    Node* root = stage.tree.find("workspace.root");
    if (root == nullptr) {
      return true;
    }
    std::string& path = text_of(*root);
    if (names_variable(path, "workspace")) {
      problems_.add(ErrorCode::kBadValue, root->where,
                    "'root' in [workspace] cannot name ${workspace}, which it defines");
      return false;
    }
    expand_variables(*root, {}, true);
    if (!make_absolute(stage, *root, path)) {
      return false;
    }
    // A layer above may still replace it: whether it exists and may be mounted is asked in the end.
    // The folder where the user stands is the kernel's word, without links.
    const std::string real = path == context_.cwd ? path : real_path(path, false).value();
    if (!keep_inside(*root, path, real)) {
      return false;
    }
    path = real;
    return true;
  }

  // What an image is built from lies beside the profile that says so.
  void settle_image(Stage& stage) {
    for (const char* key : {"image.build", "image.context"}) {
      Node* node = stage.tree.find(key);
      if (node == nullptr) {
        continue;
      }
      if (text_of(*node).empty()) {
        problems_.add(ErrorCode::kBadValue, node->where, "'" + std::string(key) + "' is empty");
        continue;
      }
      text_of(*node) = (stage.directory / text_of(*node)).lexically_normal();
    }
  }

  void settle_targets(Node& mounts) {
    for (Node& entry : std::get<Node::Array>(mounts.value)) {
      Node& target = *entry.find("target");
      if (const auto why = why_forbidden_target(text_of(target))) {
        problems_.add(ErrorCode::kForbiddenPath, target.where,
                      "nothing may be mounted at '" + shown(text_of(target)) + "': it " + *why);
      } else {
        text_of(target) = normal_path(text_of(target));
      }
      if (Node* source = entry.find("source")) {
        settle_source_text(*source);
      }
    }
  }

  void settle_workspace(Node& tree) {
    Node* folders = tree.find("workspace.folders");
    const bool listed = folders != nullptr && !folders->table()->empty();
    Node* root = tree.find("workspace.root");
    if (root == nullptr && listed && problems_.empty()) {
      problems_.add(ErrorCode::kMissingKey, folders->where,
                    "[workspace.folders] needs a 'root' in [workspace]");
    }
    if (root == nullptr || !settle_whole(*root, listed ? *folders->table() : Node::Table{}) ||
        !listed) {
      return;
    }
    for (const auto& [name, mode] : *folders->table()) {
      settle_folder(*root, name, mode);
    }
  }

  void settle_mounts(Merged& merged) {
    Node* mounts = merged.root.find("mounts");
    if (mounts == nullptr) {
      return;
    }
    const Node* root = merged.root.find("workspace.root");
    const bool whole = root != nullptr && merged.root.find("workspace.folders") == nullptr;
    for (Node& entry : std::get<Node::Array>(mounts->value)) {
      const std::string target = text_of(*entry.find("target"));
      if (whole && target == kWorkspace) {
        problems_.add(ErrorCode::kDuplicate, entry.find("target")->where,
                      "a mount and the workspace's root have the target '/workspace'");
      }
      // What is named in the workspace stays there: the work may have put a link in the place.
      const Node* source = entry.find("source");
      const bool inside =
          source != nullptr && root != nullptr && is_inside(*source->text(), *root->text());
      settle_mount(entry, root == nullptr ? context_.cwd : fs::path(*root->text()));
      if (merged.confined.count(target) != 0 && source != nullptr) {
        confine(merged.root, *source, target);
      } else if (inside && !is_inside(*source->text(), *root->text())) {
        problems_.add(ErrorCode::kUntrusted, source->where,
                      "the source of '" + shown(target) + "' leads out of the workspace");
      }
    }
  }

 private:
  static constexpr std::string_view kWorkspace = "/workspace";

  // The root: the user is told all that there is to make for a workspace that is not there yet.
  bool settle_whole(Node& root, const Node::Table& folders) {
    std::string& path = text_of(root);
    auto real = real_path(path, must_exist_, context_.cwd);
    if (!real) {
      Error error = std::move(real).error();
      if (error.code == ErrorCode::kPathMissing && !error.hints.empty()) {
        for (const auto& [name, mode] : folders) {
          error.hints.front() += " '" + path + "/" + name + "'";
        }
      }
      add(std::move(error), root.where);
      return false;
    }
    if (!keep_inside(root, path, *real)) {
      return false;
    }
    path = *real;
    return allow_source(root, path) && allow_workspace(root, path);
  }

  void settle_folder(const Node& root, const std::string& name, const Node& mode) {
    const std::string path = join_path(*root.text(), name);
    const auto real = real_path(path, must_exist_, *root.text());
    if (!real) {
      add(real.error(), mode.key_where);
    } else if (*real != path) {
      problems_.add(
          ErrorCode::kForbiddenPath, mode.key_where,
          "the workspace folder '" + name + "' is a link, to '" + shown(*real) + "'",
          "each folder stands for itself: a link could open one folder by another's mode");
    } else {
      allow_source(mode, *real);
    }
  }

  // A mount that was allowed because it is a part of the workspace at its own place is that part,
  // reached through no link: what lies in the workspace is the sandbox's to change.
  void confine(const Node& tree, const Node& source, const std::string& target) {
    const Node* root = tree.find("workspace.root");
    const Node* folders = tree.find("workspace.folders");
    const std::string part = target.substr(kWorkspace.size() + 1);
    const bool seen = folders == nullptr || folders->table()->empty() ||
                      folders->table()->count(part.substr(0, part.find('/'))) != 0;
    const bool direct = root != nullptr && *source.text() == join_path(*root->text(), part);
    if (!seen || !direct) {
      problems_.add(ErrorCode::kUntrusted, source.where,
                    "the source of '" + shown(target) +
                        "' is not that part of the workspace, but '" + shown(*source.text()) + "'",
                    "no link may stand on the way to it");
    }
  }

  static std::string join_path(const std::string& directory, const std::string& name) {
    return (fs::path(directory) / name).string();
  }

  bool make_absolute(const Stage& stage, const Node& root, std::string& path) {
    if (!path.empty() && path.front() == '/') {
      path = normal_path(path);
      return true;
    }
    const bool own = stage.may_widen && stage.layer.trust != Trust::kApproved;
    if (climbs(path)) {
      problems_.add(ErrorCode::kForbiddenPath, root.where,
                    "'root' in [workspace] holds '..': '" + shown(path) + "'");
      return false;
    }
    if (path.empty() || own) {
      problems_.add(ErrorCode::kBadValue, root.where,
                    "'root' in [workspace] is not an absolute path: '" + shown(path) + "'",
                    "it may start with ${cwd} or ${home}");
      return false;
    }
    path = normal_path((stage.directory / path).string());
    return is_still_inside(stage, root, path);
  }

  // A relative root of a repository's profile stays in that repository, through any link.
  bool is_still_inside(const Stage& stage, const Node& root, const std::string& path) {
    const auto real = real_path(path, false);
    if (stage.kind == StageKind::kSet || (real && is_inside(*real, stage.directory.string()))) {
      return true;
    }
    problems_.add(ErrorCode::kForbiddenPath, root.where,
                  "'root' in [workspace] leads out of the profile's own folder, to '" +
                      shown(real.value_or(path)) + "'");
    return false;
  }

  void settle_source_text(Node& source) {
    std::string& path = text_of(source);
    if (path.empty() || path.front() != '/') {
      problems_.add(ErrorCode::kBadValue, source.where,
                    "'source' in [[mounts]] is not an absolute path: '" + shown(path) + "'",
                    "it may start with ${workspace}, ${cwd} or ${home}");
    } else if (!is_deceptive_text(path)) {
      path = normal_path(path);
    }
  }

  void settle_mount(Node& entry, const fs::path& anchor) {
    auto& table = std::get<Node::Table>(entry.value);
    const auto fill = [&](const char* key, Node::Value value) {
      if (table.count(key) == 0) {
        Node node(std::move(value), entry.where);
        node.key_where = entry.where;
        node.layer = entry.layer;
        table.emplace(key, std::move(node));
      }
    };
    fill("type", std::string("bind"));
    const std::string type = text_of(table.at("type"));
    fill("mode", std::string(type == "bind" ? "ro" : "rw"));
    fill("exec", true);
    if (type == "tmpfs") {
      return settle_size(table);
    }
    if (type == "volume") {
      if (table.count("volume") == 0) {
        problems_.add(ErrorCode::kMissingKey, entry.where, "'volume' is missing in [[mounts]]",
                      "it is the volume's name");
      }
      return;
    }
    const auto source = table.find("source");
    if (source == table.end()) {
      problems_.add(ErrorCode::kMissingKey, entry.where, "'source' is missing in [[mounts]]",
                    "or write type = \"tmpfs\"");
    } else if (auto real = real_path(text_of(source->second), must_exist_, anchor)) {
      text_of(source->second) = *real;
      allow_source(source->second, *real);
    } else {
      add(std::move(real).error(), source->second.where);
    }
  }

  static void settle_size(Node::Table& table) {
    if (const auto size = table.find("size"); size != table.end()) {
      size->second.value = static_cast<std::int64_t>(size_of(size->second).value_or(0));
    }
  }

  bool allow_source(const Node& node, const std::string& real) {
    const auto why = why_forbidden_source(real, context_);
    if (why) {
      problems_.add(ErrorCode::kForbiddenPath, node.where,
                    "no profile may mount '" + shown(real) + "': it " + *why,
                    "name a folder of the project instead");
    }
    return !why;
  }

  // A root that is named in the folder where the user stands stays there: what ran here before may
  // have put a link in its place.
  bool keep_inside(const Node& root, const std::string& named, const std::string& real) {
    const std::string cwd = context_.cwd.string();
    const bool inside = !is_inside(named, cwd) || is_inside(real, cwd);
    if (!inside) {
      problems_.add(
          ErrorCode::kForbiddenPath, root.where,
          "'root' in [workspace] leads out of '" + shown(cwd) + "', to '" + shown(real) + "'",
          "name that folder itself, if you mean it");
    }
    return inside;
  }

  bool allow_workspace(const Node& root, const std::string& real) {
    const auto why = why_no_workspace(real, context_);
    if (why) {
      problems_.add(ErrorCode::kForbiddenPath, root.where,
                    "'" + shown(real) + "' cannot be a workspace: it " + *why,
                    "change to a folder of the project; did a link lead here?");
    }
    return !why;
  }

  void add(Error error, const SourcePos& where) {
    std::string hint = error.hints.empty() ? std::string{} : std::move(error.hints.front());
    problems_.add(error.code, where, std::move(error.what), std::move(hint));
  }

  bool must_exist_;
  const Context& context_;
  Problems& problems_;
};

// What ${workspace} stands for. Who may widen says where the workspace is; a layer that may only
// narrow can move it further in, for itself and not for what others mount.
class Roots {
 public:
  explicit Roots(const std::vector<Stage>& stages) {
    for (const Stage& stage : stages) {
      const Node* node = stage.tree.find("workspace.root");
      if (node != nullptr && stage.may_widen) {
        trusted_ = last_ = *node->text();
      } else if (node != nullptr && (last_.empty() || is_inside(*node->text(), last_))) {
        last_ = *node->text();
      }
    }
  }

  const std::string& of(const Stage& stage) const {
    return stage.may_widen && !trusted_.empty() ? trusted_ : last_;
  }

 private:
  std::string trusted_;
  std::string last_;
};

// Nothing may name a workspace where there is none.
void require_workspace(const Node& node, Problems& problems) {
  if (const auto* text = node.text()) {
    if (names_variable(*text, "workspace")) {
      problems.add(ErrorCode::kUnknownVariable, node.where,
                   "${workspace} is empty: no 'root' is set in [workspace]");
    }
  } else if (const auto* items = node.array()) {
    for (const Node& item : *items) {
      require_workspace(item, problems);
    }
  } else {
    for (const auto& [key, item] : *node.table()) {
      if (item.text() != nullptr || item.array() != nullptr || item.table() != nullptr) {
        require_workspace(item, problems);
      }
    }
  }
}

// The second pass over a stage, when all roots are known. After a problem the root may have been
// left out: then it is not said to be missing.
void expand_workspace(Node& tree, const std::string& root, Problems& problems) {
  const Bindings last = root.empty() ? Bindings{} : Bindings{{"workspace", root}};
  Problems unsaid;
  Problems& said = problems.empty() ? problems : unsaid;
  std::vector<std::string> wrong;
  for (auto& [key, table] : std::get<Node::Table>(tree.value)) {
    const std::size_t before = said.count();
    if (root.empty()) {
      require_workspace(table, said);
    }
    if (said.count() != before) {
      wrong.push_back(key);
    } else if (key != "workspace") {
      expand_variables(table, last, true);
    }
  }
  drop_keys(tree, wrong);
}

}  // namespace

void settle_stages(std::vector<Stage>& stages,
                   const Request& request,
                   const std::string& name,
                   const Context& context,
                   Problems& problems) {
  Settler settler(request, context, problems);
  const Bindings bindings = bindings_of(name, context);
  for (Stage& stage : stages) {
    expand_variables(stage.tree, bindings, false);
    if (!settler.settle_root(stage)) {
      drop_keys(stage.tree, {"workspace"});
    }
  }
  const Roots roots(stages);
  for (Stage& stage : stages) {
    expand_workspace(stage.tree, roots.of(stage), problems);
    // What a variable brought in has to have the form of its key as well.
    drop_keys(stage.tree, check_shape(stage.tree, context, Shape::kExpanded, problems));
    settler.settle_image(stage);
    if (Node* mounts = stage.tree.find("mounts")) {
      const std::size_t before = problems.count();
      settler.settle_targets(*mounts);
      if (problems.count() != before) {
        drop_keys(stage.tree, {"mounts"});
      }
    }
  }
}

void settle_merged(Merged& merged,
                   const Request& request,
                   const Context& context,
                   Problems& problems) {
  Settler settler(request, context, problems);
  settler.settle_workspace(merged.root);
  settler.settle_mounts(merged);
  check_writable(merged.root, context, problems);
}

}  // namespace paddock::profile
