#include "run/receipts.hpp"

#include "os/file.hpp"
#include "proof/receipt.hpp"

namespace paddock::run {

Result<void> write_receipt(Session& session) {
  const auto& digests = session.digests->wait();
  if (!digests) {
    return fail_as(digests);
  }
  const proof::ReceiptFacts facts{session.state.name,
                                  session.state.instance,
                                  session.state.backend.id,
                                  session.state.started_at,
                                  session.profile.digest,
                                  plan::digest(session.plan()),
                                  digests->gate,
                                  digests->plugins};
  const std::string text = proof::receipt_json(
      facts, session.planned.draft, session.papers->wait()->receipt_leaves, session.ledger);
  const auto file = session.store.directory(session.state.name) / "receipt.json";
  // Not synced: nobody should wait for the disk, and a receipt that a power cut tears is told by
  // its own digest.
  return os::write_atomic(file, text, false);
}

}  // namespace paddock::run
