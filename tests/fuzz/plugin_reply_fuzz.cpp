// Bytes as a plugin's answer to every method, as its error object, as its manifest and as the
// cache's record of one. What decodes must encode to something that decodes to the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/render.hpp"
#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/plugin.h"
#include "plugin/manifest.hpp"
#include "plugin/manifest_record.hpp"
#include "plugin/outcome.hpp"

namespace {

using namespace paddock;            // NOLINT(google-build-using-namespace)
using namespace paddock::contract;  // NOLINT(google-build-using-namespace)

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

template <typename Message>
void check_message(std::string_view bytes) {
  const auto message = decode<Message>(bytes);
  if (!message) {
    require(message.error().code == ErrorCode::kPluginMisbehaved);
    require(!render(message.error()).empty());
    return;
  }
  const std::string again = encode(*message);
  const auto twice = decode<Message>(again);
  require(twice.has_value() && encode(*twice) == again);
}

void check_error_object(const std::string& text) {
  plugin::Outcome outcome;
  outcome.status = PADDOCK_FAILED;
  outcome.error = text;
  const auto judged = plugin::Judge("fuzz", "{}")("adjust", outcome);
  require(!judged && !render(judged.error()).empty() && !render_json(judged.error()).empty());
}

void check_manifest(const std::string& text) {
  const auto manifest = plugin::parse_manifest("/plugins/fuzz/manifest.toml", text);
  if (!manifest) {
    require(!manifest.error().what.empty() && !render(manifest.error()).empty());
    return;
  }
  require(manifest->id == "fuzz" && manifest->abi_major == PADDOCK_ABI_MAJOR);
  const std::string record = plugin::to_record(*manifest);
  const auto again = plugin::from_record(record);
  require(again.has_value() && plugin::to_record(*again) == record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_message<Empty>(text);
  check_message<RequireReply>(text);
  check_message<AdjustReply>(text);
  check_message<VerifyReply>(text);
  check_message<ProbeReply>(text);
  check_message<PrepareReply>(text);
  check_message<Sandbox>(text);
  check_message<ExecReply>(text);
  check_message<InspectReply>(text);
  check_error_object(text);
  check_manifest(text);
  static_cast<void>(plugin::from_record(text));
  return 0;
}
