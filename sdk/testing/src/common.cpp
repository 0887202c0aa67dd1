#include "common.hpp"

#include <algorithm>

#include "elf_exports.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::testing {
namespace {

constexpr std::string_view kExports = "API-02: exports paddock_plugin_v1 and nothing else";
constexpr std::string_view kStruct = "API-03: one immortal struct with magic, size and functions";
constexpr std::string_view kManifest = "API-04: carries its manifest byte for byte";
constexpr std::string_view kCreate =
    "API-06: create makes an instance, or fails and touches nothing";
constexpr std::string_view kError = "API-07: a call that fails leaves one error object";
constexpr std::string_view kRefused = "API-10: a reply that the host refuses fails the call";
constexpr std::string_view kCancel = "API-12: cancel between calls harms nothing";
constexpr std::string_view kMethod = "API-13: an unknown method is unsupported";
constexpr std::string_view kRecovers = "API-11: an instance outlives a call that failed";
constexpr std::string_view kState = "API-15: the process is left as it was";
constexpr std::string_view kGarbage =
    "MSG-01: a request that is no message of the method is refused";

const char* const kGarbageRequests[] = {"",           "{",
                                        "null",       "[]",
                                        "7",          "{\"surplus\":1}",
                                        "{} {}",      "{\"plan\":{}}",
                                        "\xff\xfe{}", "{\"a\":1,\"a\":1}"};

void check_struct(Recorder& recorder, const paddock_plugin& plugin, bool same) {
  recorder.expect(kStruct, same, "two calls of paddock_plugin_v1() give two structs");
  recorder.expect(kStruct, plugin.size >= sizeof(paddock_plugin), "'size' is too small");
  recorder.expect(kStruct, plugin.magic == PADDOCK_MAGIC, "'magic' is not PADDOCK_MAGIC");
  const bool complete = plugin.create != nullptr && plugin.call != nullptr &&
                        plugin.cancel != nullptr && plugin.destroy != nullptr &&
                        plugin.extension != nullptr;
  recorder.expect(kStruct, complete, "a function is null");
  recorder.expect(kStruct, !complete || plugin.extension("org.paddock.none") == nullptr,
                  "it knows an extension that does not exist");
}

void check_exports(Recorder& recorder, const Loaded& loaded) {
  const std::vector<std::string> names = elf_exports(loaded.library);
  recorder.expect(kExports, !names.empty(), "no export is found");
  for (const std::string& name : names) {
    recorder.expect(kExports, name == "paddock_plugin_v1", "it exports '" + name + "'");
  }
}

void check_bad_create(Recorder& recorder, const Loaded& loaded) {
  for (const char* config : kGarbageRequests) {
    const Instance instance(*loaded.plugin, config);
    recorder.expect(kCreate, instance.created().status != PADDOCK_OK,
                    "it takes '" + std::string(config) + "' for a config");
    if (instance.created().status != PADDOCK_OK) {
      recorder.expect(kCreate, instance.self() == kUntouched,
                      "a create that failed has written 'self'");
      expect_error(recorder, "create", instance.created());
    }
  }
}

// Two at once: state must be the instance's, never the library's.
void check_create(Recorder& recorder, const Loaded& loaded, const Subject& subject) {
  const std::string config = config_message(loaded.id, subject.values);
  const Instance first(*loaded.plugin, config);
  const Instance second(*loaded.plugin, config);
  for (const Instance* instance : {&first, &second}) {
    recorder.expect(kCreate, instance->created().status == PADDOCK_OK, instance->created().error);
  }
  recorder.expect(kCreate, first.self() != second.self() || first.created().status != PADDOCK_OK,
                  "two instances are one");
}

}  // namespace

StateGuard::~StateGuard() {
  const ProcessState after = process_state();
  for (std::size_t i = 0; i < std::min(after.facts.size(), before_.facts.size()); ++i) {
    recorder_.expect(kState, after.facts[i] == before_.facts[i],
                     "'" + before_.facts[i] + "' is now '" + after.facts[i] + "'");
  }
  compare("environment variable", before_.environment, after.environment);
  compare("descriptor", before_.descriptors, after.descriptors);
}

/// Names only: an environment variable's value may be a secret.
void StateGuard::compare(const std::string& what,
                         const std::map<std::string, std::string>& before,
                         const std::map<std::string, std::string>& after) {
  for (const auto& [name, value] : before) {
    const auto now = after.find(name);
    const bool gone = now == after.end();
    recorder_.expect(kState, !gone && now->second == value,
                     what + " '" + name + "' " + (gone ? "went" : "changed"));
  }
  for (const auto& [name, value] : after) {
    recorder_.expect(kState, before.count(name) == 1, what + " '" + name + "' came");
  }
}

Loaded check_loading(Recorder& recorder, const Subject& subject, std::string_view kind) {
  Loaded loaded = load(subject.directory);
  if (!recorder.expect(kExports, loaded.plugin != nullptr, loaded.problem)) {
    return loaded;
  }
  check_exports(recorder, loaded);
  check_struct(recorder, *loaded.plugin, loaded.same_struct);
  if (!recorder.passed()) {
    loaded.plugin = nullptr;
    return loaded;
  }
  const paddock_bytes embedded = loaded.plugin->manifest;
  recorder.expect(kManifest, std::string_view(embedded.ptr, embedded.len) == loaded.manifest,
                  "the embedded manifest is not manifest.toml");
  recorder.expect(kManifest, loaded.kind == kind,
                  "the manifest's kind is not '" + std::string(kind) + "'");
  check_bad_create(recorder, loaded);
  check_create(recorder, loaded, subject);
  return loaded;
}

void expect_error(Recorder& recorder, std::string_view what, const Outcome& outcome) {
  const auto error = contract::decode<Error>(outcome.error);
  recorder.expect(
      kError, error.has_value() && !error->what.empty(),
      "'" + std::string(what) + "': " + (error ? "the error has no text" : error.error().what));
}

namespace {

void expect_status(Recorder& recorder,
                   std::string_view rule,
                   Instance& instance,
                   const Sample& sample,
                   int32_t status) {
  const Outcome outcome = instance.call(sample.method, sample.request);
  recorder.expect(rule, outcome.status == status,
                  "'" + sample.method + "' answers otherwise afterwards: " + outcome.error);
}

}  // namespace

void check_calls(Recorder& recorder,
                 const Loaded& loaded,
                 Instance& instance,
                 const std::vector<Sample>& samples) {
  for (const char* method : {"", "no-such-method", "adjust ", "ADJUST"}) {
    const Outcome outcome = instance.call(method, "{}");
    recorder.expect(kMethod, outcome.status == PADDOCK_UNSUPPORTED,
                    "'" + std::string(method) + "' returns " + std::to_string(outcome.status));
    expect_error(recorder, method, outcome);
  }
  for (const std::string& method : loaded.methods) {
    for (const char* request : kGarbageRequests) {
      const Outcome outcome = instance.call(method, request);
      if (recorder.expect(kGarbage, outcome.status != PADDOCK_OK,
                          "'" + method + "' answers '" + request + "'")) {
        expect_error(recorder, method, outcome);
      }
    }
  }
  for (const Sample& sample : samples) {
    const int32_t status = instance.call(sample.method, sample.request).status;
    const Outcome refused = instance.call_refusing(sample.method, sample.request);
    recorder.expect(kRefused, refused.status != PADDOCK_OK,
                    "'" + sample.method + "' returns 0 though nothing was taken");
    if (status == PADDOCK_OK && refused.status != PADDOCK_OK) {
      expect_error(recorder, sample.method, refused);
    }
    expect_status(recorder, kRecovers, instance, sample, status);
    instance.cancel();
    expect_status(recorder, kCancel, instance, sample, status);
  }
}

void expect_repeatable(Recorder& recorder,
                       std::string_view rule,
                       const Loaded& loaded,
                       const Subject& subject,
                       const Sample& sample) {
  const std::string config = config_message(loaded.id, subject.values);
  Instance first(*loaded.plugin, config);
  Instance second(*loaded.plugin, config);
  const Outcome once = first.call(sample.method, sample.request);
  const Outcome again = first.call(sample.method, sample.request);
  const Outcome other = second.call(sample.method, sample.request);
  recorder.expect(rule, once.reply == again.reply && once.status == again.status,
                  "two equal calls of '" + sample.method + "' differ");
  recorder.expect(rule, once.reply == other.reply && once.status == other.status,
                  "equal calls of '" + sample.method + "' differ between instances");
}

}  // namespace paddock::testing
