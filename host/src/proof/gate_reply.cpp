#include "proof/gate_reply.hpp"

#include <charconv>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "protocol.h"

namespace paddock::proof {
namespace {

using Json = nlohmann::json;

/// Never throws: anything that is not JSON becomes a discarded value, which is no object.
Json parse(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

/// A gate that gives up says why; whatever else it says is not in the protocol.
Failure unexpected(std::string_view text, std::string_view wanted) {
  if (const auto failure = read_failure(text)) {
    std::string what = "the gate gave up: " + failure->text;
    if (failure->number != 0) {
      what += std::string(": ") + std::strerror(failure->number);
    }
    return fail(ErrorCode::kGate, std::move(what));
  }
  return fail(ErrorCode::kGate, "the gate answered '" + printable(text.substr(0, 80)) + "' where " +
                                    std::string(wanted) + " was due");
}

/// What hex digits stand for; nothing for others.
std::optional<std::string> bytes_of(std::string_view hex) {
  std::string bytes;
  for (; hex.size() >= 2; hex.remove_prefix(2)) {
    unsigned char byte = 0;
    const auto read = std::from_chars(hex.data(), hex.data() + 2, byte, 16);
    if (read.ptr != hex.data() + 2) {
      return std::nullopt;
    }
    bytes += static_cast<char>(byte);
  }
  return hex.empty() ? std::optional(std::move(bytes)) : std::nullopt;
}

bool is_outcome(const Json& row) {
  return row.is_array() && row.size() == 4 && row[0].is_number_integer() &&
         row[1].is_number_integer() && row[2].is_number_integer() && row[3].is_number_integer();
}

}  // namespace

Result<void> read_hello(std::string_view json) {
  const Json object = parse(json);
  const auto version = object.is_object() ? object.find("gate") : object.end();
  if (!object.is_object() || version == object.end() || !version->is_string()) {
    return unexpected(json, "its greeting");
  }
  if (*version != PADDOCK_GATE_VERSION) {
    return fail(ErrorCode::kGate,
                "the gate speaks '" + printable(version->get<std::string>()) +
                    "', this paddock speaks '" PADDOCK_GATE_VERSION "'",
                "reinstall paddock, so that both come from one build");
  }
  return {};
}

Result<void> read_ok(std::string_view json) {
  if (json != R"({"ok":true})") {
    return unexpected(json, "a confirmation");
  }
  return {};
}

Result<std::vector<ProbeResult>> read_results(std::string_view json,
                                              const std::vector<Probe>& probes) {
  const Json object = parse(json);
  const auto rows = object.is_object() ? object.find("results") : object.end();
  if (!object.is_object() || rows == object.end() || !rows->is_array()) {
    return unexpected(json, "an answer to the probes");
  }
  if (rows->size() != probes.size()) {
    return fail(ErrorCode::kGate, "the gate answered " + std::to_string(rows->size()) + " of " +
                                      std::to_string(probes.size()) + " probes");
  }
  std::vector<ProbeResult> results;
  results.reserve(probes.size());
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Json& row = (*rows)[i];
    if (!is_outcome(row)) {
      return unexpected(json, "an answer to the probes");
    }
    results.push_back({probes[i].id, row[0].get<int>(), row[1].get<std::int64_t>(),
                       row[2].get<int>(), row[3].get<int>()});
  }
  return results;
}

Result<std::string> read_shown(std::string_view json, const std::string& path) {
  const Json object = parse(json);
  if (!object.is_object() || !object.contains("shown") || !object["shown"].is_string() ||
      !object.contains("errno") || !object["errno"].is_number_integer()) {
    return unexpected(json, "a file");
  }
  if (const int error = object["errno"].get<int>(); error != 0) {
    return fail(ErrorCode::kGate,
                "the gate cannot read '" + path + "': " + std::string(std::strerror(error)));
  }
  auto bytes = bytes_of(object["shown"].get<std::string>());
  return bytes ? Result<std::string>(std::move(*bytes)) : unexpected(json, "a file");
}

Result<GateFailure> read_failure(std::string_view json) {
  const Json object = parse(json);
  if (!object.is_object() || !object.contains("error") || !object["error"].is_string() ||
      !object.contains("errno") || !object["errno"].is_number_integer()) {
    return fail(ErrorCode::kGate, "the gate's answer is not in the protocol");
  }
  return GateFailure{printable(object["error"].get<std::string>()), object["errno"].get<int>()};
}

}  // namespace paddock::proof
