#include "plan/wish.hpp"

#include "base/text.hpp"
#include "plan/builder.hpp"
#include "plan/leaf_value.hpp"
#include "plan/mount_rules.hpp"

namespace paddock::plan {
namespace {

constexpr std::size_t kLongestValue = 160;
constexpr std::string_view kMounts = "/mounts/";
constexpr std::string_view kEnvironment = "/process/environment/";
constexpr std::string_view kPublish = "/network/publish/";

Failure bad(const Wishes& from, std::string what, std::string hint = {}) {
  return from.where.line == 0
             ? fail(ErrorCode::kBadOp, std::move(what), std::move(hint))
             : fail_at(ErrorCode::kBadOp, from.where, std::move(what), std::move(hint));
}

// Of the option that goes by the leaf's own name, where the profile sets it; else of the table.
SourcePos option_place(const Wishes& from, const std::string& path) {
  const auto option =
      from.options.find(contract::unescape_pointer(path.substr(path.rfind('/') + 1)));
  return option == from.options.end() ? from.where : option->second;
}

std::string unknown_leaf_hint(std::string_view path) {
  std::vector<std::string> patterns;
  for (const contract::LeafRule& rule : contract::leaf_rules()) {
    patterns.emplace_back(rule.pattern);
  }
  return name_hint(path, patterns);
}

const contract::Mount* mount_at(const Draft& base, std::string_view pointer) {
  const auto found =
      base.plan.mounts.find(contract::unescape_pointer(pointer.substr(kMounts.size())));
  return found == base.plan.mounts.end() ? nullptr : &found->second;
}

// A plugin may restrict a mount, shadow one with an empty tmpfs, or add a tmpfs. Showing more of
// the host is the user's alone (DESIGN section 5).
std::string mount_problem(const Draft& base, std::string_view pointer, std::string_view value) {
  const auto mount = mount_value(value);
  if (!mount) {
    return "is not a mount";
  }
  const std::string target = contract::unescape_pointer(pointer.substr(kMounts.size()));
  const contract::Mount* declared = mount_at(base, pointer);
  if (declared != nullptr) {
    return narrows(*mount, *declared) ? "" : "would loosen the mount that the profile declares";
  }
  if (mount->type != contract::MountType::kTmpfs) {
    return "would show the sandbox more of this machine";
  }
  const auto refusal = target_refusal(target);
  return refusal ? "names a target that no mount may have: " + *refusal : "";
}

Result<Wish> check_removal(const Wishes& from, const contract::Op& op, Wish wish) {
  const bool removable = op.path.starts_with(kMounts) || op.path.starts_with(kEnvironment) ||
                         op.path.starts_with(kPublish);
  if (!removable) {
    return bad(from,
               "plugin '" + from.plugin + "' asks to remove '" + op.path +
                   "', which would loosen the plan or is not an entry of a map",
               "only mounts, environment variables and published ports can be removed");
  }
  return wish;
}

}  // namespace

std::string asker(std::string_view plugin, const SourcePos& where) {
  std::string out = "'" + std::string(plugin) + "'";
  if (where.line != 0) {
    out += " (" + where.file + ":" + std::to_string(where.line) + ":" +
           std::to_string(where.column) + ")";
  }
  return out;
}

std::string quoted_value(std::string_view pointer, const std::optional<std::string>& value) {
  if (!value) {
    return "removed";
  }
  std::string shown = shown_value(pointer, *value);
  if (shown.size() > kLongestValue) {
    shown = shown.substr(0, kLongestValue) + "...";
  }
  return shown;
}

Result<Wish> check_op(const Draft& base, const Wishes& from, const contract::Op& op) {
  const contract::LeafRule* rule = contract::leaf_rule(op.path);
  if (rule == nullptr) {
    return bad(
        from,
        "plugin '" + from.plugin + "' asks for '" + op.path + "', which is no leaf of the plan",
        unknown_leaf_hint(op.path));
  }
  Wish wish{from.plugin, option_place(from, op.path), op.path, std::nullopt, op.reason};
  if (op.kind == contract::OpKind::kWiden) {
    return bad(from,
               "plugin '" + from.plugin + "' asks to widen '" + op.path +
                   "', and no profile can grant that in this version of paddock",
               "set the value in your own profile, or take the plugin out of it");
  }
  if (op.kind == contract::OpKind::kRemove) {
    return check_removal(from, op, std::move(wish));
  }
  auto value = check_value(*rule, op.path, op.value.text);
  std::string problem = value ? "" : value.error().what;
  if (problem.empty() && op.path.starts_with(kMounts)) {
    problem = mount_problem(base, op.path, *value);
  } else if (problem.empty() && op.path.starts_with(kPublish)) {
    problem = "would open the sandbox to more";
  }
  if (!problem.empty()) {
    return bad(from, "plugin '" + from.plugin + "' asks for '" + op.path +
                         "' = " + quoted_value(op.path, op.value.text) + ", which " + problem);
  }
  wish.value = std::move(*value);
  return wish;
}

}  // namespace paddock::plan
