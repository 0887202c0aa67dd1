// Profiles, drafts and ops for the tests of the plan room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/render.hpp"
#include "plan/plan.hpp"

namespace paddock::test {

/// A profile whose merged tree is this TOML; positions are of "web.toml". Throws when it is not
/// TOML.
profile::Profile profile_of(std::string_view toml);

/// A machine with 2 CPUs, 8 GiB and 4096 open files; the caller is uid 1000.
plan::LaunchFacts facts();

/// The base plan of `toml` on that machine; throws on an error, with its text.
plan::Draft draft_of(std::string_view toml);

/// One op of `plugin`, whose table is at web.toml:LINE:1.
plan::Wishes wish(std::string plugin, std::string path, std::string value, std::uint32_t line = 0);
plan::Wishes removal(std::string plugin, std::string path);

/// merge() without [resolve]; throws on an error, with its text.
plan::Draft merged(const plan::Draft& base, std::vector<plan::Wishes> wishes);

/// The rendered error, or "ok".
template <typename T>
std::string text_of(const Result<T>& result) {
  return result ? "ok" : render(result.error());
}

}  // namespace paddock::test
