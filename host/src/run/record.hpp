// launch.json: what a running sandbox was judged by, so that exec and verify judge by the same.
// [any thread]
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"
#include "plan/plan.hpp"

namespace paddock::run {

struct Record {
  plan::Draft draft;  ///< without `notices`, `widenings` and `hooks`
  contract::PrepareReply prepared;
  contract::ProbeReply probe;
};

std::string encode_record(const plan::Draft& draft,
                          const contract::PrepareReply& prepared,
                          const contract::ProbeReply& probe);
/// Errors: kStateCorrupt.
Result<Record> decode_record(std::string_view json);

}  // namespace paddock::run
