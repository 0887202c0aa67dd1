#include "profile/merge_leaf.hpp"

#include <algorithm>
#include <optional>

#include "profile/names.hpp"
#include "profile/narrowing.hpp"

namespace paddock::profile {
namespace {

// The strictest of those in `below` that `value` loosens.
std::optional<Node> loosened(const std::string& path,
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

}  // namespace

void LeafMerger::merge(const std::string& path,
                       const OptionSpec& option,
                       const Node& value,
                       Slot slot) {
  if (path == kRootPath ? root_allowed(option, value)
                        : is_allowed(path, option, value, history_.below(path, *stage_))) {
    history_.say(path, option, value, *stage_, std::move(slot));
  }
}

bool LeafMerger::is_allowed(const std::string& path,
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

bool LeafMerger::root_allowed(const OptionSpec& option, const Node& value) {
  const auto below = history_.below(std::string(kRootPath), *stage_);
  const std::string& root = *value.text();
  rights_.add_power(value.where, "has the workspace '" + shown(root) + "'", &value);
  if (below.empty()) {
    return (stage_->kind != StageKind::kSet && is_inside(root, stage_->own_folder.string())) ||
           rights_.asked(value, "takes a workspace outside its own folder: '" + shown(root) + "'");
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

}  // namespace paddock::profile
