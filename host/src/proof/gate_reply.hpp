// What the gate answers, read from its JSON. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proof/gate_channel.hpp"

namespace paddock::proof {

/// {"gate":VERSION,...}. Errors: kGate.
Result<void> read_hello(std::string_view json);
/// {"ok":true}. Errors: kGate.
Result<void> read_ok(std::string_view json);
/// {"results":[...]} for `probes`. Errors: kGate.
Result<std::vector<ProbeResult>> read_results(std::string_view json,
                                              const std::vector<Probe>& probes);
/// {"shown":HEX,"errno":N} of the file `path`. Errors: kGate.
Result<std::string> read_shown(std::string_view json, const std::string& path);
/// {"error":TEXT,"errno":N}.
struct GateFailure {
  std::string text;
  int number = 0;
};
/// Errors: kGate (not such an object).
Result<GateFailure> read_failure(std::string_view json);

}  // namespace paddock::proof
