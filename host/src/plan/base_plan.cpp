#include "plan/base_plan.hpp"

#include <algorithm>

#include "os/proc.hpp"
#include "paddock/contract/enum_names.hpp"

namespace paddock::plan {
namespace {

/// Highest capability that capabilities(7) names; the kernel refuses numbers that it lacks.
constexpr int kLastCapability = 40;  // CAP_CHECKPOINT_RESTORE, since Linux 5.9

template <typename Enum>
void read_choice(Builder& builder, std::string_view key, std::string pointer, Enum& into) {
  const Node* node = builder.find(key);
  const auto name = builder.text(node, key);
  if (!name) {
    return;
  }
  const auto value = contract::enum_from_name<Enum>(*name);
  if (!value) {
    builder.problem(node, ErrorCode::kBadValue,
                    "'" + std::string(key) + "' has no value '" + *name + "'");
    return;
  }
  into = *value;
  builder.came_from(std::move(pointer), node);
}

// Nothing is restricted here: hardeners narrow, and the shipped base profile names one.
void open_security(Builder& builder) {
  contract::Security& security = builder.plan().security;
  for (int number = 0; number <= kLastCapability; ++number) {
    security.capabilities.push_back(os::capability_name(number));
  }
  std::sort(security.capabilities.begin(), security.capabilities.end());
  const std::string home = builder.facts.host_home.lexically_normal().string();
  if (home.size() > 1 && home.front() == '/') {
    security.hidden_paths.push_back(home.back() == '/' ? home.substr(0, home.size() - 1) : home);
  }
}

}  // namespace

Result<Draft> base_plan(const profile::Profile& profile, const LaunchFacts& facts) {
  Builder builder(profile, facts);
  builder.plan().name = facts.name;
  builder.plan().profile = profile.name;
  read_choice(builder, "backend.isolation", "/isolation", builder.plan().isolation);
  read_choice(builder, "network.mode", "/network/mode", builder.plan().network.mode);
  build_image(builder);
  open_security(builder);
  build_process(builder);
  build_mounts(builder);
  build_network(builder);
  build_resources(builder);
  build_hooks(builder);
  builder.draft.widenings = profile.widenings;
  return std::move(builder).finish();
}

}  // namespace paddock::plan
