#include "run/again.hpp"

#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"

namespace paddock::run {

Result<Order> order_again(const Store& store, const std::string& name) {
  if (const auto live = store.load(name)) {
    return fail(ErrorCode::kNameTaken,
                "sandbox '" + name + "' has not ended: " + std::string(phase_name(live->phase)),
                "`paddock restart " + name + "` ends it first");
  }
  auto state = store.load_ended(name);
  if (!state) {
    return fail_as(state);
  }
  Order order = std::move(state->order);
  order.resumes = true;
  order.background = order.background.value_or(BackgroundStreams{});
  // A worktree may have gone with the sandbox: then it is made anew.
  const std::string& folder = order.worktree.empty() ? order.folder : order.repository;
  if (::chdir(folder.c_str()) != 0) {
    return fail_errno(errno, "cannot go to '" + printable(folder) + "', where sandbox '" + name +
                                 "' was launched");
  }
  return order;
}

}  // namespace paddock::run
