// What every kind of plugin must do, and the small tools of the suites.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "loaded.hpp"
#include "paddock/contract/codec.hpp"
#include "recorder.hpp"
#include "surroundings.hpp"

namespace paddock::testing {

/// One request that the plugin must answer well, for the checks that need any.
struct Sample {
  std::string method;
  std::string request;
};

/// Sees at the end of a suite whether the process is still what it was at the start: made before
/// the library is loaded, gone after the last instance is.
class StateGuard {
 public:
  explicit StateGuard(Recorder& recorder) : recorder_(recorder), before_(process_state()) {}
  ~StateGuard();
  StateGuard(const StateGuard&) = delete;
  StateGuard& operator=(const StateGuard&) = delete;

 private:
  void compare(const std::string& what,
               const std::map<std::string, std::string>& before,
               const std::map<std::string, std::string>& after);

  Recorder& recorder_;
  ProcessState before_;
};

/// Loads, checks the struct and `create`. Null `plugin`, or a failed check, when it is of no use.
Loaded check_loading(Recorder& recorder, const Subject& subject, std::string_view kind);

/// Garbage, unknown methods, refused replies, cancel: for an instance that is otherwise untouched.
void check_calls(Recorder& recorder,
                 const Loaded& loaded,
                 Instance& instance,
                 const std::vector<Sample>& samples);

/// Whether a failed call left one error object.
void expect_error(Recorder& recorder, std::string_view what, const Outcome& outcome);

/// A typed call. Anything but a reply that decodes is a violation of `rule`.
template <class Reply>
Result<Reply> ask(Recorder& recorder,
                  std::string_view rule,
                  Instance& instance,
                  const Sample& sample) {
  const Outcome outcome = instance.call(sample.method, sample.request);
  if (!recorder.expect(rule, outcome.status == PADDOCK_OK,
                       "'" + sample.method + "' returns " + std::to_string(outcome.status) + ": " +
                           outcome.error)) {
    return fail(ErrorCode::kPluginFailed, outcome.error);
  }
  auto reply = contract::decode<Reply>(outcome.reply);
  recorder.expect(rule, reply.has_value(), reply ? "" : reply.error().what);
  return reply;
}

/// Whether two equal calls of fresh instances give the same bytes.
void expect_repeatable(Recorder& recorder,
                       std::string_view rule,
                       const Loaded& loaded,
                       const Subject& subject,
                       const Sample& sample);

}  // namespace paddock::testing
