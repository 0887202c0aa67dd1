#include "run/receipts.hpp"

#include <signal.h>

#include "base/digest.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "proof/receipt.hpp"

namespace paddock::run {
namespace {

constexpr std::size_t kGateLimit = 64 << 20;

Result<proof::ReceiptPlugin> describe(const Session& session, const plugin::Manifest& manifest) {
  auto digest = session.registry->library_digest(manifest);
  return digest ? Result<proof::ReceiptPlugin>({manifest.id, manifest.version, std::move(*digest)})
                : fail_as(digest);
}

Result<std::vector<proof::ReceiptPlugin>> describe_plugins(const Session& session) {
  std::vector<const plugin::Manifest*> manifests{&session.planned.backend->manifest()};
  for (const auto& hardener : session.planned.hardeners) {
    manifests.push_back(&hardener->manifest());
  }
  for (const auto& hook : session.hooks) {
    manifests.push_back(&hook->manifest());
  }
  std::vector<proof::ReceiptPlugin> plugins;
  for (const plugin::Manifest* manifest : manifests) {
    auto plugin = describe(session, *manifest);
    if (!plugin) {
      return fail_as(plugin);
    }
    plugins.push_back(std::move(*plugin));
  }
  return plugins;
}

Result<void> write_receipt(const Session& session) {
  const auto gate = os::read_file(os::install_paths().gate, kGateLimit);
  auto plugins = describe_plugins(session);
  if (!gate || !plugins) {
    return gate ? fail_as(plugins) : fail_as(gate);
  }
  const proof::ReceiptFacts facts{session.state.name,
                                  session.state.instance,
                                  session.state.backend.id,
                                  session.state.started_at,
                                  session.profile.digest,
                                  plan::digest(session.plan()),
                                  sha256(*gate),
                                  std::move(*plugins)};
  const std::string text = proof::receipt_json(facts, session.planned.draft, session.ledger);
  return os::write_atomic(session.store.directory(session.state.name) / "receipt.json", text, true);
}

}  // namespace

ReceiptWriter::ReceiptWriter(const Session& session) {
  // Signals are the main thread's.
  sigset_t all, old;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &old);
  thread_ = std::thread([this, &session] { result_ = write_receipt(session); });
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
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
