#include "profile/settle_root.hpp"

#include "profile/history.hpp"
#include "profile/names.hpp"

namespace paddock::profile {

bool stays_inside(const Node& root,
                  const std::string& named,
                  const std::string& real,
                  const Context& context,
                  Problems& problems) {
  const std::string cwd = context.cwd.string();
  const bool inside = !is_inside(named, cwd) || is_inside(real, cwd);
  if (!inside) {
    problems.add(
        ErrorCode::kForbiddenPath, root.where,
        "'root' in [workspace] leads out of '" + shown(cwd) + "', to '" + shown(real) + "'",
        "name that folder itself, if you mean it");
  }
  return inside;
}

}  // namespace paddock::profile
