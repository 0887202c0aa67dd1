// Inputs that every suite uses.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::testing {

/// A directory that is removed with everything in it.
class ScratchDir {
 public:
  ScratchDir();
  ~ScratchDir();
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A strict plan that any local backend should be able to enforce: the host's programs, one
/// writable folder `workspace`, no network, no capabilities.
contract::Plan sample_plan(const std::filesystem::path& workspace);

/// Whether the leaf `pointer` of a plan may hold the JSON value: the error says why not.
Result<void> check_value(const contract::Plan& plan,
                         std::string_view pointer,
                         std::string_view value);

/// Of the contract's vocabulary, or reverse-DNS.
bool is_protection_name(std::string_view name);

}  // namespace paddock::testing
