// A hook in one class: appends a line to a file when a sandbox starts and when it stopped.
#include <cerrno>
#include <fstream>

#include "paddock/sdk.hpp"

using namespace paddock::sdk;
using paddock::contract::HookPhase;
using paddock::contract::HookRequest;

class RunLog final : public Hook {
 public:
  Result<void> configure(const Table& config) override {
    file_ = config.text("file");
    if (!file_.value.starts_with('/')) {
      return paddock::fail_at(ErrorCode::kBadValue, file_.where,
                              "'" + file_.value + "' is not an absolute path");
    }
    return {};
  }

  Result<void> run(const HookRequest& request) override {
    std::string line = request.plan.name + " (" + request.plan.profile + ") ";
    line += request.phase == HookPhase::kBeforeLaunch ? "starts" : "stopped";
    if (request.exit_code) {
      line += " with exit code " + std::to_string(*request.exit_code);
    }
    std::ofstream log(file_.value, std::ios::app);
    log << line << std::endl;
    if (!log) {
      return paddock::fail_errno(errno, "cannot write '" + file_.value + "'");
    }
    return {};
  }

 private:
  Text file_;
};

PADDOCK_EXPORT_HOOK(RunLog)
