// The sandbox's own writable space: tmpfs mounts whose sizes add up to resources.disk.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plan {

/// What every sandbox gets: target and purpose.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kScratch = {
    {{"/dev/shm", "scratch"}, {"/home/sandbox", "home"}, {"/tmp", "scratch"}}};

/// Gives every tmpfs of `plan` its share of resources.disk_bytes, so that the sizes add up to it
/// (rounded down to pages, as the kernel counts): mounts with a size of their own keep it, the
/// built-in ones share the rest. Without a limit nothing changes. Errors: kBadValue when the
/// rest is less than one page for each.
Result<void> share_disk(contract::Plan& plan);

}  // namespace paddock::plan
