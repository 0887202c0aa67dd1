// state.json: the only place that knows its spelling.
#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "paddock/contract/codec.hpp"
#include "run/state.hpp"

namespace paddock::run {
namespace {

using Json = nlohmann::json;
constexpr std::array<std::string_view, 7> kPhases{"creating",   "waiting",    "warm", "running",
                                                  "unreleased", "restarting", "ended"};
constexpr std::string_view kSchema = "paddock.state/1";

Json encode_refs(const std::vector<PluginRef>& refs) {
  Json list = Json::array();
  for (const PluginRef& ref : refs) {
    list.push_back({{"id", ref.id}, {"config", ref.config}});
  }
  return list;
}

PluginRef decode_ref(const Json& json) {
  return {json.at("id").get<std::string>(), json.at("config").get<std::string>()};
}

std::vector<PluginRef> decode_refs(const Json& json) {
  std::vector<PluginRef> refs;
  for (const Json& item : json) {
    refs.push_back(decode_ref(item));
  }
  return refs;
}

Json encode_objects(const std::vector<contract::ExternalObject>& objects) {
  Json list = Json::array();
  for (const auto& object : objects) {
    list.push_back({{"kind", object.kind}, {"id", object.id}});
  }
  return list;
}

std::vector<contract::ExternalObject> decode_objects(const Json& json) {
  std::vector<contract::ExternalObject> objects;
  for (const Json& item : json) {
    objects.push_back({item.at("kind").get<std::string>(), item.at("id").get<std::string>()});
  }
  return objects;
}

Json encode_order(const Order& order) {
  Json json{
      {"profile", order.profile}, {"backend", order.backend},   {"sets", order.sets},
      {"command", order.command}, {"hooks", order.hooks},       {"discard", order.discard},
      {"folder", order.folder},   {"worktree", order.worktree}, {"repository", order.repository}};
  if (order.background) {
    json["background"] = {{"terminal", order.background->terminal},
                          {"input", order.background->input}};
  }
  return json;
}

Order decode_order(const Json& json, const std::string& name) {
  Order order;
  order.name = name;
  order.profile = json.at("profile").get<std::string>();
  order.backend = json.at("backend").get<std::string>();
  order.sets = json.at("sets").get<std::vector<std::string>>();
  order.command = json.at("command").get<std::vector<std::string>>();
  order.hooks = json.at("hooks").get<bool>();
  order.discard = json.at("discard").get<bool>();
  order.folder = json.at("folder").get<std::string>();
  order.worktree = json.at("worktree").get<std::string>();
  order.repository = json.at("repository").get<std::string>();
  if (json.contains("background")) {
    const Json& background = json.at("background");
    order.background = {background.at("terminal").get<bool>(), background.at("input").get<bool>()};
  }
  return order;
}

Phase decode_phase(const std::string& name) {
  for (std::size_t i = 0; i < kPhases.size(); ++i) {
    if (kPhases.at(i) == name) {
      return static_cast<Phase>(i);
    }
  }
  throw std::runtime_error("unknown phase '" + name + "'");  // caught in decode_state
}

State decode_members(const Json& json) {
  State state;
  state.name = json.at("name").get<std::string>();
  state.instance = json.at("instance").get<std::string>();
  state.profile = json.at("profile").get<std::string>();
  state.order = decode_order(json.at("order"), state.name);
  state.fitness = json.at("fitness").get<std::string>();
  state.backend = decode_ref(json.at("backend"));
  state.phase = decode_phase(json.at("phase").get<std::string>());
  state.command = json.at("command").get<std::vector<std::string>>();
  state.workspace = json.at("workspace").get<std::string>();
  state.host_pid = json.at("host_pid").get<std::int64_t>();
  state.host_start_time = json.at("host_start_time").get<std::uint64_t>();
  const Json& terminal = json.at("terminal");
  state.terminal.device = terminal.at("device").get<std::uint64_t>();
  state.terminal.inode = terminal.at("inode").get<std::uint64_t>();
  state.gate_pid = json.at("gate_pid").get<std::int64_t>();
  state.gate_start_time = json.at("gate_start_time").get<std::uint64_t>();
  state.started_at = json.at("started_at").get<std::string>();
  state.ended_at = json.at("ended_at").get<std::string>();
  state.objects = decode_objects(json.at("objects"));
  if (json.contains("volumes")) {
    state.volumes = json.at("volumes").get<std::vector<std::string>>();
  }
  state.attached = decode_refs(json.at("attached"));
  state.verifiers = decode_refs(json.at("verifiers"));
  state.hooks = decode_refs(json.at("hooks"));
  state.oom_killed = json.at("oom_killed").get<bool>();
  if (json.contains("exit_code")) {
    state.exit_code = json.at("exit_code").get<std::int32_t>();
  }
  return state;
}

Failure corrupt(const std::string& why) {
  return fail(ErrorCode::kStateCorrupt, "a state file is damaged: " + why);
}

}  // namespace

std::string_view phase_name(Phase phase) {
  return kPhases.at(static_cast<std::size_t>(phase));
}

std::string encode_state(const State& state) {
  Json json{{"schema", kSchema},
            {"name", state.name},
            {"instance", state.instance},
            {"profile", state.profile},
            {"order", encode_order(state.order)},
            {"fitness", state.fitness},
            {"backend", {{"id", state.backend.id}, {"config", state.backend.config}}},
            {"phase", phase_name(state.phase)},
            {"command", state.command},
            {"workspace", state.workspace},
            {"host_pid", state.host_pid},
            {"host_start_time", state.host_start_time},
            {"terminal", {{"device", state.terminal.device}, {"inode", state.terminal.inode}}},
            {"gate_pid", state.gate_pid},
            {"gate_start_time", state.gate_start_time},
            {"started_at", state.started_at},
            {"ended_at", state.ended_at},
            {"objects", encode_objects(state.objects)},
            {"volumes", state.volumes},
            {"attached", encode_refs(state.attached)},
            {"verifiers", encode_refs(state.verifiers)},
            {"hooks", encode_refs(state.hooks)},
            {"oom_killed", state.oom_killed}};
  if (state.sandbox) {
    json["sandbox"] = contract::encode(*state.sandbox);
  }
  if (state.exit_code) {
    json["exit_code"] = *state.exit_code;
  }
  // A command line may hold bytes that are not UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<State> decode_state(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    State state = decode_members(json);
    if (json.contains("sandbox")) {
      auto sandbox = contract::decode<contract::Sandbox>(json.at("sandbox").get<std::string>());
      if (!sandbox) {
        return corrupt(sandbox.error().what);
      }
      state.sandbox = std::move(*sandbox);
    }
    return state;
  } catch (const Json::parse_error&) {
    return corrupt(text.empty() ? "it is empty" : "it is not JSON");
  } catch (const std::exception& error) {
    return corrupt(error.what());
  }
}

}  // namespace paddock::run
