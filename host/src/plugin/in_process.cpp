#include "plugin/in_process.hpp"

#include "plugin/abi_calls.hpp"
#include "plugin/abi_table.hpp"
#include "plugin/call_guard.hpp"
#include "plugin/call_limits.hpp"
#include "plugin/call_log.hpp"
#include "plugin/library.hpp"

namespace paddock::plugin {
namespace {

class InProcess final : public Instance {
 public:
  InProcess(const Manifest& manifest, const paddock_plugin& table, std::string_view config)
      : manifest_(manifest),
        judge_(manifest.id, config),
        calls_(
            table,
            [this](std::int32_t level, std::string_view json) { log(level, json); },
            [this] { return limits_.stop() != Stop::kNone; }) {}

  ~InProcess() override {
    if (created_) {
      const CallLog logged(manifest_.id, "destroy");
      const CallGuard guard(manifest_.id, "destroy", kCallDeadline);
      calls_.destroy();
    }
  }

  Result<void> create(std::string_view config) {
    const auto created = guarded("create", kCallDeadline, [&] { return calls_.create(config); });
    if (!created) {
      return fail_as(created);
    }
    created_ = true;
    return {};
  }

  const Manifest& manifest() const override { return manifest_; }

  Result<std::string> call(std::string_view method,
                           std::string_view request,
                           std::chrono::milliseconds deadline) override {
    if (!manifest_.answers(method)) {
      return unanswered(method);
    }
    return guarded(method, deadline, [&] { return calls_.call(method, request); });
  }

 private:
  void log(std::int32_t level, std::string_view json) {
    if (limits_.take_log(json.size())) {
      log_for_plugin(manifest_.id, level, json);
    }
  }

  template <typename Call>
  Result<std::string> guarded(std::string_view method,
                              std::chrono::milliseconds deadline,
                              Call call) {
    limits_.begin(deadline);
    const CallLog logged(manifest_.id, method);
    const CallGuard guard(manifest_.id, method, deadline);
    Outcome outcome = call();
    outcome.logged_too_much = limits_.logged_too_much();
    outcome.stop = limits_.stop();
    limits_.end();
    return judge_(method, outcome);
  }

  Manifest manifest_;  // a copy, as the registry may go first
  Judge judge_;
  CallLimits limits_;
  AbiCalls calls_;
  bool created_ = false;
};

Result<paddock_plugin> load_table(const Manifest& manifest, os::UniqueFd fd) {
  const CallLog logged(manifest.id, "load");
  const CallGuard guard(manifest.id, "load", kCallDeadline);
  const auto table = load_library(fd.release(), manifest.id);  // open for life, see library.hpp
  if (!table) {
    return fail_as(table);
  }
  return check_table(*table, manifest.id, manifest.text);
}

}  // namespace

Result<std::unique_ptr<Instance>> open_in_process(const Manifest& manifest,
                                                  OpenLibrary library,
                                                  std::string_view config_json) {
  const auto table = load_table(manifest, std::move(library.fd));
  if (!table) {
    return fail_as(table);
  }
  auto instance = std::make_unique<InProcess>(manifest, *table, config_json);
  if (auto created = instance->create(config_json); !created) {
    return fail_as(created);
  }
  return std::unique_ptr<Instance>(std::move(instance));
}

}  // namespace paddock::plugin
