// What this backend notes of a sandbox, or of a process that entered one.
#pragma once

#include <optional>
#include <string>

#include "paddock/contract/json_text.hpp"
#include "support/process.hpp"

namespace paddock::engine {

struct Record {
  std::string container;    ///< its id
  std::string runtime_dir;  ///< of the sandbox
  std::string exec = {};    ///< the engine's id of the process that entered; empty: another way
  support::Identity entered = {};  ///< a process that entered by way_in(); pid 0: none did
  bool guest = false;              ///< its kernel is not the host's
};

contract::JsonText to_json(const Record& record);
/// Nothing for what to_json() did not write.
std::optional<Record> from_json(const contract::JsonText& json);

}  // namespace paddock::engine
