// A plan and a difference of plans for people and for programs. Values of environment variables
// appear in none of it.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "plan/planner.hpp"

namespace paddock::cli {

/// What `plan` and a dry run print of a plan that was rehearsed, and its refusal.
Result<int> show_plan(const plan::Planned& planned,
                      const std::vector<std::string>& notices,
                      const Arguments& arguments);

/// Tables of leaves and protections, notices and the command.
std::string plan_text(const plan::Planned& planned,
                      const std::vector<std::string>& notices,
                      bool plain);

/// {"schema":"paddock.plan/1", ...} and a newline.
std::string plan_json(const plan::Planned& planned, const std::vector<std::string>& notices);

/// "+ gained", "- lost", "~ changed", one line each; what it means first.
std::string diff_text(const std::string& before,
                      const std::string& after,
                      const std::vector<plan::Difference>& differences,
                      bool plain);

/// {"schema":"paddock.plan-diff/1", ...} and a newline.
std::string diff_json(const std::string& before,
                      const std::string& after,
                      const std::vector<plan::Difference>& differences);

/// "process.environment[PATH]" of a leaf pointer.
std::string setting_name(const std::string& pointer);
/// A leaf's JSON as people read it: "tmpfs 64MiB rw", "a b c", "8GiB".
std::string setting_value(const std::string& pointer, const std::string& json);

}  // namespace paddock::cli
