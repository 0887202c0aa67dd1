// As much of JSON Schema draft-07 as `paddock profile schema` uses.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace paddock::test {

/// What is wrong with `value`, or "". A keyword that this validator does not know fails the test.
std::string schema_problem(const nlohmann::json& schema,
                           const nlohmann::json& value,
                           const std::string& path = "");

}  // namespace paddock::test
