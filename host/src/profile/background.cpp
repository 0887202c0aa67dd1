#include "profile/background.hpp"

#include "base/units.hpp"

namespace paddock::profile {

Background background_of(const Profile& profile) {
  Background background;
  if (const Node* node = profile.root.find("background.restart")) {
    const std::string& policy = *node->text();
    background.restart = policy == "always"       ? Restart::kAlways
                         : policy == "on-failure" ? Restart::kOnFailure
                                                  : Restart::kNo;
  }
  if (const Node* node = profile.root.find("background.log_size")) {
    background.log_bytes = node->integer() != nullptr
                               ? static_cast<std::uint64_t>(*node->integer())
                               : parse_size(*node->text()).value_or(background.log_bytes);
  }
  return background;
}

std::int64_t warm_of(const Profile& profile) {
  const Node* const node = profile.root.find("backend.warm");
  return node == nullptr ? 0 : *node->integer();
}

}  // namespace paddock::profile
