// Receipts: canonical, checkable, without secrets.
#include "proof/receipt.hpp"

#include "host/proof/sample.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

std::string sample_receipt(Sample& sample) {
  sample.draft.plan.process.environment["TOKEN"] = "hunter2";
  sample.require_only({"user"});
  const proof::Ledger ledger = proof::assemble(sample.subject(1), {}, {});
  proof::ReceiptFacts facts;
  facts.name = "sample";
  facts.started_at = "2026-01-01T00:00:00Z";
  facts.plugins = {{"bubblewrap", "0.1.0", "sha256:00"}};
  return proof::receipt_json(facts, sample.draft, proof::leaves_json(sample.draft, sample.prepared),
                             ledger);
}

std::string what(const Result<void>& result) {
  return result ? "" : result.error().what;
}

}  // namespace

TEST_CASE("receipt: equal launches give equal bytes, and the digest is right") {
  Sample sample;
  const std::string receipt = sample_receipt(sample);
  CHECK(receipt == sample_receipt(sample));
  CHECK(what(proof::check_receipt(receipt)).empty());
  CHECK(receipt.starts_with(R"({"backend":"","digest":"sha256:)"));
  CHECK(receipt.find(R"("schema":"paddock.receipt/1")") != std::string::npos);
  CHECK(receipt.find('\n') == std::string::npos);
}

TEST_CASE("receipt: the value of an environment variable never appears") {
  Sample sample;
  const std::string receipt = sample_receipt(sample);
  CHECK(receipt.find("/process/environment/TOKEN") != std::string::npos);
  CHECK(receipt.find("hunter2") == std::string::npos);
}

TEST_CASE("receipt: any change is found out") {
  Sample sample;
  const std::string receipt = sample_receipt(sample);
  std::string changed = receipt;
  changed.replace(changed.find("\"holds\":false"), 13, "\"holds\":true ");
  CHECK(what(proof::check_receipt(changed)) == "the receipt does not match its digest");
  CHECK(proof::check_receipt(changed).error().code == ErrorCode::kStateCorrupt);
  CHECK(what(proof::check_receipt(receipt.substr(0, 40))) == "the receipt is not JSON");
  CHECK(what(proof::check_receipt("{}")) == "the receipt is not of schema 'paddock.receipt/1'");
  CHECK(what(proof::check_receipt("[]")) == "the receipt is not JSON");
}

}  // namespace paddock::test
