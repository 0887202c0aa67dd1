#include "cli/receipt_view.hpp"

#include "base/render.hpp"
#include "cli/output.hpp"
#include "support/catch.hpp"

using namespace paddock::cli;

namespace {

// Items of one list differ in their members and in the length of their values.
constexpr const char* kReceipt = R"({
  "schema": "paddock.receipt/1", "name": "box", "instance": "i1", "profile": "quickstart",
  "backend": "bubblewrap", "started_at": "2026-01-02T03:04:05Z", "holds": true,
  "profile_digest": "sha256:1", "plan_digest": "sha256:2", "gate_digest": "sha256:3",
  "digest": "sha256:4",
  "plugins": [{"id": "bubblewrap", "version": "0.1.0", "digest": "sha256:5"}],
  "ledger": [
    {"protection": "isolation", "verdict": "holds", "evidence": "observed",
     "mechanism": "namespaces", "leaves": ["/isolation"],
     "checks": [{"holds": true, "evidence": "observed"}, {"holds": true, "evidence": "assumed"}]},
    {"protection": "cgroup.cpu", "verdict": "not-enforced", "evidence": "assumed",
     "mechanism": "a\tb", "leaves": [], "checks": []}],
  "leaves": [
    {"path": "/isolation", "value": "shared-kernel", "owner": "profile", "where": "base.toml:4:1",
     "answer": {"status": "enforced", "mechanism": "namespaces"}},
    {"path": "/process/environment/PATH", "value": null,
     "answer": {"status": "delegated", "mechanism": "gate"}},
    {"path": "/resources/cpus_milli", "value": 2000, "owner": "profile", "where": null,
     "answer": {"status": "not_enforced", "why": "no cgroup"}}],
  "dropped": [], "widenings": [], "notices": ["cpus: clamped"]
})";

}  // namespace

TEST_CASE("receipt: is a table for each of its lists", "[cli]") {
  set_color_mode("never");
  CHECK(receipt_text(kReceipt, false).value() ==
        "name            box\n"
        "instance        i1\n"
        "profile         quickstart\n"
        "backend         bubblewrap\n"
        "started_at      2026-01-02T03:04:05Z\n"
        "holds           true\n"
        "profile_digest  sha256:1\n"
        "plan_digest     sha256:2\n"
        "gate_digest     sha256:3\n"
        "digest          sha256:4\n"
        "schema          paddock.receipt/1\n"
        "\n"
        "PLUGIN      VERSION  DIGEST\n"
        "bubblewrap  0.1.0    sha256:5\n"
        "\n"
        "PROTECTION  VERDICT       EVIDENCE  CHECKS  MECHANISM\n"
        "isolation   holds         observed  1/2     namespaces\n"
        "cgroup.cpu  not-enforced  assumed   0/0     a\\tb\n"
        "\n"
        "SETTING                    VALUE          FROM           OWNER    ANSWER        "
        "BY WHAT, OR WHY NOT\n"
        "isolation                  shared-kernel  base.toml:4:1  profile  enforced      "
        "namespaces\n"
        "process.environment[PATH]  (not shown)    -              -        delegated     gate\n"
        "resources.cpus_milli       2000           -              profile  not_enforced  "
        "no cgroup\n"
        "\n"
        "NOTICE\n"
        "cpus: clamped\n");
}

TEST_CASE("receipt: plain, every line is one record and says of what kind", "[cli]") {
  CHECK(receipt_text(kReceipt, true).value() ==
        "fact\tname\tbox\n"
        "fact\tinstance\ti1\n"
        "fact\tprofile\tquickstart\n"
        "fact\tbackend\tbubblewrap\n"
        "fact\tstarted_at\t2026-01-02T03:04:05Z\n"
        "fact\tholds\ttrue\n"
        "fact\tprofile_digest\tsha256:1\n"
        "fact\tplan_digest\tsha256:2\n"
        "fact\tgate_digest\tsha256:3\n"
        "fact\tdigest\tsha256:4\n"
        "fact\tschema\tpaddock.receipt/1\n"
        "plugin\tbubblewrap\t0.1.0\tsha256:5\n"
        "ledger\tisolation\tholds\tobserved\t1/2\tnamespaces\n"
        "ledger\tcgroup.cpu\tnot-enforced\tassumed\t0/0\ta\\tb\n"
        "leaf\tisolation\tshared-kernel\tbase.toml:4:1\tprofile\tenforced\tnamespaces\n"
        "leaf\tprocess.environment[PATH]\t(not shown)\t-\t-\tdelegated\tgate\n"
        "leaf\tresources.cpus_milli\t2000\t-\tprofile\tnot_enforced\tno cgroup\n"
        "notice\tcpus: clamped\n");
}

TEST_CASE("receipt: one that lacks a list is damaged, not a defect", "[cli][error]") {
  const auto text = receipt_text(R"({"schema":"paddock.receipt/1"})", false);
  REQUIRE_FALSE(text);
  CHECK(paddock::render(text.error())
            .rfind("paddock: error[P0604]: the receipt is not what its schema says: ", 0) == 0);
}
