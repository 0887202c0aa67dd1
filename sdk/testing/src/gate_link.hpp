// The host's end of a gate's channel, as far as the suites need it: the first frame.
#pragma once

#include <cstdint>
#include <string>

#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::testing {

class GateLink {
 public:
  GateLink();
  ~GateLink();
  GateLink(const GateLink&) = delete;
  GateLink& operator=(const GateLink&) = delete;

  /// What a create or exec request says of the gate; standard descriptors are /dev/null.
  contract::GateSpec spec(const std::string& gate) const;
  /// Closes the gate's end here, so that a dead gate is seen as one.
  void close_far_end();
  /// Whether process `pid` has the gate's end.
  bool is_held_by(std::int64_t pid) const;
  /// The PID that the gate sees itself as, from its hello. Errors: no hello within 5 s.
  Result<std::int64_t> hello();

 private:
  bool read_exactly(char* to, std::size_t size);

  int near_ = -1;
  int far_ = -1;
  int null_ = -1;
  std::string far_name_;  ///< "socket:[123]"
};

}  // namespace paddock::testing
