// The words of gates 1 and 2: who asks for what, and where. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/plan.hpp"

namespace paddock::plan {

/// The first place in a profile that asks for `protection`; nullopt for built-in ones.
std::optional<SourcePos> asking_place(const Draft& draft, std::string_view protection);

/// "asked for by '/resources/pids' (profile, agent.toml:9:1)", or "paddock always asks for it".
std::string asking_line(const Draft& draft, std::string_view protection);

/// Moves a best-effort protection out of `required` and says so; false: it must hold.
bool let_go(Draft& draft, const std::string& protection, const std::string& why);

}  // namespace paddock::plan
