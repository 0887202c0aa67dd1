// Step 7, gate 1: does the backend support all that the draft requires, on this machine, now?
#include <algorithm>

#include "paddock/contract/enum_names.hpp"
#include "plan/builder.hpp"
#include "plan/explain.hpp"

namespace paddock::plan {
namespace {

constexpr const char* kNothingSaid = "the backend says nothing about it";

const contract::ProtectionSupport* support_of(const contract::ProbeReply& probe,
                                              const std::string& protection) {
  const auto found = std::find_if(
      probe.protections.begin(), probe.protections.end(),
      [&](const contract::ProtectionSupport& row) { return row.protection == protection; });
  return found == probe.protections.end() ? nullptr : &*found;
}

Failure not_available(const std::string& backend, const contract::ProbeReply& probe) {
  return fail(ErrorCode::kBackendMissing,
              "backend '" + backend + "' cannot run here: " +
                  (probe.reason.empty() ? "it gives no reason" : probe.reason),
              probe.remedy);
}

Error too_weak(const Draft& draft, const std::string& backend, const contract::ProbeReply& probe) {
  Error error =
      fail(ErrorCode::kUnsupported,
           "backend '" + backend + "' isolates by '" +
               std::string(contract::enum_name(probe.isolation)) + "', and the plan asks for '" +
               std::string(contract::enum_name(draft.plan.isolation)) + "' at least",
           "choose another backend, or lower backend.isolation in your own profile")
          .value();
  if (!probe.remedy.empty()) {
    error.hints.insert(error.hints.begin(), probe.remedy);
  }
  const auto origins = draft.origins.find("/isolation");
  if (origins != draft.origins.end() && origins->second.front().where.line != 0) {
    error.where = origins->second.front().where;
  }
  return error;
}

Error missing(const Draft& draft,
              const std::string& backend,
              const std::string& protection,
              const std::string& reason,
              const std::string& remedy) {
  Error error =
      fail(ErrorCode::kUnsupported,
           "backend '" + backend + "' cannot enforce '" + protection + "' here: " + reason, remedy)
          .value();
  error.where = asking_place(draft, protection);
  error.context.push_back(asking_line(draft, protection));
  return error;
}

}  // namespace

Result<void> negotiate(Draft& draft,
                       const std::string& backend,
                       const contract::ProbeReply& probe) {
  if (!probe.available) {
    return not_available(backend, probe);
  }
  std::vector<Error> problems;
  if (probe.isolation < draft.plan.isolation) {
    problems.push_back(too_weak(draft, backend, probe));
  }
  const auto required = draft.required;  // let_go changes it
  for (const std::string& protection : required) {
    const contract::ProtectionSupport* support = support_of(probe, protection);
    if (support != nullptr && support->supported) {
      continue;
    }
    const bool explained = support != nullptr && !support->reason.empty();
    const std::string reason = explained ? support->reason : kNothingSaid;
    if (!let_go(draft, protection, reason)) {
      problems.push_back(
          missing(draft, backend, protection, reason, support == nullptr ? "" : support->remedy));
    }
  }
  if (!problems.empty()) {
    return Failure(collect(std::move(problems)));
  }
  return {};
}

}  // namespace paddock::plan
