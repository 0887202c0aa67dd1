// A hardener whose table is its script.
#include "paddock/sdk.hpp"

using namespace paddock::sdk;  // NOLINT(google-build-using-namespace)

class PlanStrict final : public Hardener {
 public:
  Result<void> configure(const Table& config) override {
    for (const Text& name : config.texts("require")) {
      require_.push_back(name.value);
    }
    add(config, "set", true);
    add(config, "optional", false);
    veto_ = config.has("veto") ? config.text("veto").value : "";
    return {};
  }

  Result<std::vector<std::string>> require() override { return require_; }

  Result<Ops> adjust(const Plan&) override { return ops_; }

  Result<void> review(const Plan&) override {
    return veto_.empty() ? Result<void>{} : paddock::fail(ErrorCode::kVetoed, veto_);
  }

 private:
  void add(const Table& config, const char* key, bool critical) {
    if (!config.has(key)) {
      return;
    }
    for (const auto& [path, value] : config.text_table(key)) {
      Op op;
      op.id = path;
      op.path = path;
      op.value.text = value;
      op.reason = "the test says so";
      op.critical = critical;
      ops_.push_back(std::move(op));
    }
  }

  std::vector<std::string> require_;
  Ops ops_;
  std::string veto_;
};

PADDOCK_EXPORT_HARDENER(PlanStrict)
