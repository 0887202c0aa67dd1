// A backend for planning alone: its probe is the test's to choose.
#include <algorithm>

#include "paddock/contract/protections.hpp"
#include "paddock/sdk.hpp"

using namespace paddock::sdk;       // NOLINT(google-build-using-namespace)
using namespace paddock::contract;  // NOLINT(google-build-using-namespace)
using paddock::fail;

class PlanBox final : public Backend {
 public:
  Result<void> configure(const Table& config) override {
    for (const Text& name : config.texts("lacks")) {
      lacks_.push_back(name.value);
    }
    for (const Text& pattern : config.texts("refuses")) {
      refuses_.push_back(pattern.value);
    }
    absent_ = config.boolean("absent");
    return {};
  }

  Result<ProbeReply> probe(const ProbeRequest&) override {
    ProbeReply reply;
    reply.available = !absent_;
    reply.version = "1.0";
    reply.reason = absent_ ? "the test says so" : "";
    for (const Protection& row : kProtections) {
      const bool lacking = std::count(lacks_.begin(), lacks_.end(), row.name) != 0;
      reply.protections.push_back({std::string(row.name), !lacking, lacking ? "" : "by magic",
                                   lacking ? "the test says so" : "", ""});
    }
    return reply;
  }

  Result<PrepareReply> prepare(const PrepareRequest& request) override {
    Answers answers(request.plan);
    for (const LeafRule& rule : leaf_rules()) {
      answers.enforce(rule.pattern, "by magic");
    }
    answers.delegate("/process/command", "gate");
    for (const std::string& pattern : refuses_) {
      answers.refuse(pattern, "the test says so");
    }
    PrepareReply reply;
    reply.answers = answers.take();
    return reply;
  }
  Result<Sandbox> create(const CreateRequest&) override { return nothing(); }
  Result<ExecReply> exec(const ExecRequest&) override { return nothing(); }
  Result<InspectReply> inspect(const InspectRequest&) override { return nothing(); }
  Result<void> stop(const StopRequest&) override { return nothing(); }
  Result<void> remove(const RemoveRequest&) override { return nothing(); }

 private:
  static paddock::Failure nothing() { return fail(ErrorCode::kPluginFailed, "it runs nothing"); }

  std::vector<std::string> lacks_;
  std::vector<std::string> refuses_;
  bool absent_ = false;
};

PADDOCK_EXPORT_BACKEND(PlanBox)
