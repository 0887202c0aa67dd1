#include <filesystem>

#include "profile/check_value.hpp"
#include "profile/host_paths.hpp"
#include "profile/names.hpp"
#include "profile/settle.hpp"
#include "profile/settle_root.hpp"
#include "profile/writable.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWorkspace = "/workspace";

std::string& text_of(Node& node) {
  return std::get<std::string>(node.value);
}

class MergedSettler {
 public:
  MergedSettler(const Request& request, const Context& context, Problems& problems)
      : must_exist_(request.check_paths), context_(context), problems_(problems) {}

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
    if (!stays_inside(root, path, *real, context_, problems_)) {
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

}  // namespace

void settle_merged(Merged& merged,
                   const Request& request,
                   const Context& context,
                   Problems& problems) {
  MergedSettler settler(request, context, problems);
  settler.settle_workspace(merged.root);
  settler.settle_mounts(merged);
  check_writable(merged.root, context, problems);
}

}  // namespace paddock::profile
