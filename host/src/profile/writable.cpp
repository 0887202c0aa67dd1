#include "profile/writable.hpp"

#include "profile/host_paths.hpp"
#include "profile/names.hpp"

namespace paddock::profile {
namespace {

class Judge {
 public:
  Judge(const Context& context, Problems& problems) : context_(context), problems_(problems) {}

  void writable(const std::string& source, const SourcePos& where) {
    if (const auto objection = why_never_writable(source, context_)) {
      problems_.add(ErrorCode::kForbiddenPath, where,
                    "no sandbox may write '" + shown(source) + "': it " + objection->why,
                    objection->hint);
    }
  }

  void workspace(const Node& tree) {
    const Node* root = tree.find("workspace.root");
    const Node* folders = tree.find("workspace.folders");
    if (root == nullptr) {
      return;
    }
    if (folders == nullptr || folders->table()->empty()) {
      const Node* mode = tree.find("workspace.mode");
      if (mode == nullptr || *mode->text() == "rw") {
        writable(*root->text(), root->where);
      }
      return;
    }
    for (const auto& [name, mode] : *folders->table()) {
      if (*mode.text() == "rw") {
        writable(real_path(*root->text() + "/" + name, false).value_or(""), mode.key_where);
      }
    }
  }

  void mounts(const Node::Array& entries) {
    for (const Node& entry : entries) {
      const Node* source = entry.find("source");
      if (source != nullptr && *entry.find("mode")->text() == "rw") {
        writable(*source->text(), source->where);
      }
    }
  }

 private:
  const Context& context_;
  Problems& problems_;
};

}  // namespace

void check_writable(const Node& root, const Context& context, Problems& problems) {
  Judge judge(context, problems);
  judge.workspace(root);
  if (const Node* mounts = root.find("mounts")) {
    judge.mounts(*mounts->array());
  }
}

}  // namespace paddock::profile
