#include "profile/settle.hpp"

#include <filesystem>

#include "profile/check.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"
#include "profile/settle_root.hpp"
#include "profile/variables.hpp"

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
  Settler(const Context& context, Problems& problems) : context_(context), problems_(problems) {}

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
    if (!stays_inside(*root, path, real, context_, problems_)) {
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

 private:
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
                   const std::string& name,
                   const Context& context,
                   Problems& problems) {
  Settler settler(context, problems);
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

}  // namespace paddock::profile
