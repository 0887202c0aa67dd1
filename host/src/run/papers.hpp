// What is written about a launch while its sandbox comes up, which mostly means waiting:
// launch.json and the receipt's longest part.
#pragma once

#include <filesystem>
#include <string>

#include "os/task.hpp"
#include "paddock/contract/result.hpp"
#include "plan/planner.hpp"

namespace paddock::run {

struct Papers {
  std::string receipt_leaves;  ///< proof::leaves_json()
};

/// Writes launch.json to `directory`. Errors: kSystem. [any thread]
Result<Papers> write_papers(const std::filesystem::path& directory, const plan::Planned& planned);

using PaperTask = os::Task<Result<Papers>>;

}  // namespace paddock::run
