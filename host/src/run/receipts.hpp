// The receipt of a launch: written while the workload runs.
#pragma once

#include <string>
#include <thread>

#include "run/launch.hpp"

namespace paddock::run {

/// Writes receipt.json in a thread of its own. It reads of the session only what no
/// later step changes.
class ReceiptWriter {
 public:
  explicit ReceiptWriter(const Session& session);
  /// Waits for it. Errors: kSystem.
  Result<void> finish();
  ~ReceiptWriter();
  ReceiptWriter(const ReceiptWriter&) = delete;
  ReceiptWriter& operator=(const ReceiptWriter&) = delete;

 private:
  Result<void> result_;
  std::thread thread_;
};

}  // namespace paddock::run
