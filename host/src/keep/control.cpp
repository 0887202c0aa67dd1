#include "keep/control.hpp"

#include <nlohmann/json.hpp>

namespace paddock::keep {
namespace {

using Json = nlohmann::json;
constexpr std::array<std::string_view, 5> kVerbs{"attach", "take", "end-input", "resize", "signal"};

Failure bad_packet(const std::string& why) {
  return fail(ErrorCode::kStateCorrupt, "a packet of a sandbox's keeper is damaged: " + why);
}

Result<Verb> decode_verb(const std::string& name) {
  for (std::size_t i = 0; i < kVerbs.size(); ++i) {
    if (kVerbs.at(i) == name) {
      return static_cast<Verb>(i);
    }
  }
  return bad_packet("unknown verb");
}

}  // namespace

std::string encode(const Request& request) {
  return Json{{"verb", kVerbs.at(static_cast<std::size_t>(request.verb))},
              {"rows", request.rows},
              {"columns", request.columns},
              {"signal", request.signal},
              {"command", request.command},
              {"term", request.term}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string encode(const Reply& reply) {
  Json json{{"refused", reply.refused},      {"code", reply.code},   {"note", reply.note},
            {"terminal", reply.terminal},    {"input", reply.input}, {"ended", reply.ended},
            {"oom_killed", reply.oom_killed}};
  if (reply.exit_code) {
    json["exit_code"] = *reply.exit_code;
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Request> decode_request(std::string_view packet) {
  try {
    const Json json = Json::parse(packet);
    const auto verb = decode_verb(json.at("verb").get<std::string>());
    if (!verb) {
      return fail_as(verb);
    }
    return Request{*verb,
                   json.at("rows").get<std::int64_t>(),
                   json.at("columns").get<std::int64_t>(),
                   json.at("signal").get<std::int64_t>(),
                   json.at("command").get<std::vector<std::string>>(),
                   json.at("term").get<std::string>()};
  } catch (const Json::exception& error) {
    return bad_packet(error.what());
  }
}

Result<Reply> decode_reply(std::string_view packet) {
  try {
    const Json json = Json::parse(packet);
    Reply reply;
    reply.refused = json.at("refused").get<std::string>();
    reply.code = json.at("code").get<std::int64_t>();
    reply.note = json.at("note").get<std::string>();
    reply.terminal = json.at("terminal").get<bool>();
    reply.input = json.at("input").get<bool>();
    reply.ended = json.at("ended").get<bool>();
    reply.oom_killed = json.at("oom_killed").get<bool>();
    if (json.contains("exit_code")) {
      reply.exit_code = json.at("exit_code").get<std::int32_t>();
    }
    return reply;
  } catch (const Json::exception& error) {
    return bad_packet(error.what());
  }
}

}  // namespace paddock::keep
