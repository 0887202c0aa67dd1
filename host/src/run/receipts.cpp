#include "run/receipts.hpp"

#include "os/file.hpp"
#include "proof/receipt.hpp"
#include "run/quiet_thread.hpp"

namespace paddock::run {
namespace {

Result<void> write_receipt(const Session& session) {
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
  const std::string text =
      proof::receipt_json(facts, session.planned.draft, session.planned.prepared, session.ledger);
  const auto file = session.store.directory(session.state.name) / "receipt.json";
  // Not synced: nobody should wait for the disk, and a receipt that a power cut tears is told by
  // its own digest.
  return os::write_atomic(file, text, false);
}

}  // namespace

ReceiptWriter::ReceiptWriter(const Session& session) {
  thread_ = quiet_thread([this, &session] { result_ = write_receipt(session); });
}

Result<void> ReceiptWriter::finish() {
  if (thread_.joinable()) {
    thread_.join();
  }
  return result_;
}

ReceiptWriter::~ReceiptWriter() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

}  // namespace paddock::run
