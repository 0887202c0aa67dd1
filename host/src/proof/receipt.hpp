// The stored record of one launch: canonical JSON (sorted keys, compact, UTF-8), so that its
// digest can be checked by anyone. [any thread]
#pragma once

#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "plan/plan.hpp"
#include "proof/ledger.hpp"

namespace paddock::proof {

struct ReceiptPlugin {
  std::string id, version, digest;
};

struct ReceiptFacts {
  std::string name, instance, backend;
  std::string started_at;  ///< RFC 3339, UTC
  std::string profile_digest, plan_digest, gate_digest;
  std::vector<ReceiptPlugin> plugins;
};

/// The receipt's member "leaves", which is known before there is anything to be proved. No value of
/// an environment variable appears.
std::string leaves_json(const plan::Draft& draft, const contract::PrepareReply& prepared);

/// {"schema":"paddock.receipt/1", ..., "digest":"sha256:..."}; the digest is of the document
/// without that member. `leaves` is leaves_json() of the same draft.
std::string receipt_json(const ReceiptFacts& facts,
                         const plan::Draft& draft,
                         const std::string& leaves,
                         const Ledger& ledger);

/// Whether the digest in a receipt is right. Errors: kStateCorrupt.
Result<void> check_receipt(std::string_view json);

}  // namespace paddock::proof
