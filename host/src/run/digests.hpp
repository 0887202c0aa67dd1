// Digests of what a launch uses: the gate and the plugins' libraries. Taken in a thread of its own
// while the sandbox comes up, which mostly waits for others.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "plugin/registry.hpp"
#include "proof/receipt.hpp"

namespace paddock::run {

struct Digests {
  std::string gate;
  std::vector<proof::ReceiptPlugin> plugins;
};

class DigestTask {
 public:
  /// Both arguments outlive the task; `registry` is only asked for digests.
  DigestTask(const plugin::Registry& registry, std::vector<const plugin::Manifest*> manifests);
  ~DigestTask();
  DigestTask(const DigestTask&) = delete;
  DigestTask& operator=(const DigestTask&) = delete;

  /// Waits for it. Errors: kSystem, kPluginTrust.
  const Result<Digests>& wait();

 private:
  Result<Digests> result_;
  std::thread thread_;
};

}  // namespace paddock::run
