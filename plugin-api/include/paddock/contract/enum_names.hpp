// The JSON spelling of every contract enumeration: lower case with hyphens, in value order.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "paddock/contract/messages.hpp"

namespace paddock::contract {

template <typename Enum>
struct EnumNames;

#define PADDOCK_ENUM_NAMES(Enum, ...)                                              \
  template <>                                                                      \
  struct EnumNames<Enum> {                                                         \
    static constexpr auto kNames = std::to_array<std::string_view>({__VA_ARGS__}); \
  }

PADDOCK_ENUM_NAMES(RootfsType, "host", "image");
PADDOCK_ENUM_NAMES(MountType, "bind", "tmpfs", "volume");
PADDOCK_ENUM_NAMES(NetworkMode, "none", "isolated", "bridge");
PADDOCK_ENUM_NAMES(Egress, "none", "unrestricted");
PADDOCK_ENUM_NAMES(Protocol, "tcp", "udp");
PADDOCK_ENUM_NAMES(Isolation, "shared-kernel", "user-kernel", "vm");
PADDOCK_ENUM_NAMES(OpKind, "set", "remove", "widen");
PADDOCK_ENUM_NAMES(Evidence, "assumed", "reported", "observed");
PADDOCK_ENUM_NAMES(AnswerStatus, "not-enforced", "delegated", "enforced");
PADDOCK_ENUM_NAMES(RunState, "unknown", "running", "exited", "gone");
PADDOCK_ENUM_NAMES(HookPhase, "before-launch", "after-stop");

#undef PADDOCK_ENUM_NAMES

template <typename Enum>
constexpr std::string_view enum_name(Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < EnumNames<Enum>::kNames.size() ? EnumNames<Enum>::kNames[index] : "?";
}

template <typename Enum>
constexpr std::optional<Enum> enum_from_name(std::string_view name) {
  for (std::size_t i = 0; i < EnumNames<Enum>::kNames.size(); ++i) {
    if (EnumNames<Enum>::kNames[i] == name) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

}  // namespace paddock::contract
