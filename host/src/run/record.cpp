#include "run/record.hpp"

#include <nlohmann/json.hpp>

#include "paddock/contract/codec.hpp"

namespace paddock::run {
namespace {

using Json = nlohmann::json;

Json encode_origin(const plan::Origin& origin) {
  return {{"owner", origin.owner},        {"layer", origin.layer},     {"reason", origin.reason},
          {"value", origin.value},        {"file", origin.where.file}, {"line", origin.where.line},
          {"column", origin.where.column}};
}

plan::Origin decode_origin(const Json& json) {
  plan::Origin origin;
  origin.owner = json.at("owner").get<std::string>();
  origin.layer = json.at("layer").get<std::string>();
  origin.reason = json.at("reason").get<std::string>();
  origin.value = json.at("value").get<std::string>();
  origin.where.file = json.at("file").get<std::string>();
  origin.where.line = json.at("line").get<std::uint32_t>();
  origin.where.column = json.at("column").get<std::uint32_t>();
  return origin;
}

template <typename Message>
bool take(const Json& json, const char* key, Message& into) {
  auto message = contract::decode<Message>(json.at(key).get<std::string>());
  if (message) {
    into = std::move(*message);
  }
  return message.has_value();
}

Failure corrupt(const std::string& why) {
  return fail(ErrorCode::kStateCorrupt, "a launch record is damaged: " + why);
}

}  // namespace

std::string encode_record(const plan::Draft& draft,
                          const contract::PrepareReply& prepared,
                          const contract::ProbeReply& probe) {
  Json json{{"schema", "paddock.launch/1"},
            {"plan", contract::encode(draft.plan)},
            {"prepared", contract::encode(prepared)},
            {"probe", contract::encode(probe)},
            {"required", draft.required},
            {"dropped", draft.dropped},
            {"origins", Json::object()}};
  for (const auto& [pointer, origins] : draft.origins) {
    Json& list = json["origins"][pointer] = Json::array();
    for (const plan::Origin& origin : origins) {
      list.push_back(encode_origin(origin));
    }
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Record> decode_record(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Record record;
    if (!take(json, "plan", record.draft.plan) || !take(json, "prepared", record.prepared) ||
        !take(json, "probe", record.probe)) {
      return corrupt("a message does not decode");
    }
    record.draft.required = json.at("required").get<std::vector<std::string>>();
    record.draft.dropped = json.at("dropped").get<std::vector<std::string>>();
    for (const auto& [pointer, list] : json.at("origins").items()) {
      for (const Json& origin : list) {
        record.draft.origins[pointer].push_back(decode_origin(origin));
      }
    }
    return record;
  } catch (const Json::exception& error) {
    return corrupt(error.what());
  }
}

}  // namespace paddock::run
