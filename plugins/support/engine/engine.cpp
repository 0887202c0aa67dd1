#include "support/engine/engine.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "support/engine/image/images.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;

constexpr const char* kApi = "/v1.41";
constexpr int kOldestMinor = 41;

Failure garbled(const char* step) {
  return fail(ErrorCode::kBackendRefused,
              std::string("the engine's answer makes no sense: ") + step);
}

/// The engine's own words, {"message": "..."}, at most a line of them.
std::string message_of(const Reply& reply) {
  const Json json = Json::parse(reply.body, nullptr, false);
  const bool told = json.is_object() && json.contains("message") && json["message"].is_string();
  std::string text =
      told ? json["message"].get<std::string>() : "status " + std::to_string(reply.status);
  return text.substr(0, text.find('\n')).substr(0, 400);
}

bool is_fine(long status) {
  return status >= 200 && status < 300;
}

/// A member of the type that is asked for, or nothing.
template <typename T>
T member(const Json& json, const char* key, T otherwise) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (found == json.end()) {
    return otherwise;
  }
  try {
    return found->template get<T>();
  } catch (const Json::exception&) {
    return otherwise;
  }
}

/// Below the API's version, unless it names one of its own.
std::string versioned(const std::string& path) {
  return path.starts_with("/v") ? path : kApi + path;
}

Container container_of(const Json& json, const std::string& text) {
  const Json none = Json::object();
  const Json& state = json.contains("State") ? json["State"] : none;
  const Json& config = json.contains("Config") ? json["Config"] : none;
  Container container;
  container.id = member<std::string>(json, "Id", "");
  container.image = whole_id(member<std::string>(json, "Image", ""));
  container.labels = member<std::map<std::string, std::string>>(config, "Labels", {});
  const auto status = member<std::string>(state, "Status", "");
  container.running = member(state, "Running", false);
  container.ended = status == "exited" || status == "dead";
  container.pid = member<std::int64_t>(state, "Pid", 0);
  container.exit_code = member(state, "ExitCode", 0);
  container.oom_killed = member(state, "OOMKilled", false);
  container.json = text;
  return container;
}

}  // namespace

Engine::Engine(Address address) : http_(std::move(address)) {}

Result<Reply> Engine::call(Request request, const std::string& step) {
  request.path = versioned(request.path);
  auto reply = http_.send(request);
  if (!reply || is_fine(reply->status) || reply->status == 304 || reply->status == 404) {
    return reply;
  }
  std::string message = message_of(*reply);
  if (message.ends_with("no such container")) {  // Podman's 500 for one that goes while it looks
    reply->status = 404;
    return reply;
  }
  return fail(ErrorCode::kBackendRefused, "the engine cannot " + step + ": " + message);
}

Result<void> Engine::pass(Request request, const Stream& stream, const std::string& step) {
  request.path = versioned(request.path);
  const auto reply = http_.pass(request, stream);
  if (!reply || is_fine(reply->status)) {
    return reply ? Result<void>{} : fail_as(reply);
  }
  return fail(ErrorCode::kBackendRefused, "the engine cannot " + step + ": " + message_of(*reply));
}

// Not GET /version, for which Podman runs its OCI runtime.
Result<Version> Engine::version() {
  auto reply = http_.send({"GET", "/_ping"});
  if (!reply) {
    return fail_as(reply);
  }
  Version version{reply->headers["server"], reply->headers["api-version"]};
  if (!is_fine(reply->status) || !version.api.starts_with("1.")) {
    return garbled("GET /_ping");
  }
  if (std::atoi(version.api.c_str() + 2) < kOldestMinor) {
    return fail(ErrorCode::kBackendRefused,
                "the engine speaks API " + version.api + ", and 1.41 or later is needed",
                "upgrade it to Docker 20.10 or later");
  }
  return version;
}

Result<Info> Engine::info() {
  const auto reply = call({"GET", "/info"}, "tell of its machine");
  if (!reply) {
    return fail_as(reply);
  }
  const Json json = Json::parse(reply->body, nullptr, false);
  Info info{member<std::string>(json, "KernelVersion", ""),
            member<std::string>(json, "DockerRootDir", ""), reply->body};
  return info.kernel.empty() ? Result<Info>(garbled("GET /info")) : std::move(info);
}

Result<bool> Engine::has_image(const std::string& reference) {
  const auto reply = call({"GET", "/images/" + reference + "/json"}, "look for an image");
  return reply ? Result<bool>(reply->status == 200) : fail_as(reply);
}

Result<void> Engine::import_image(const std::string& reference, std::string_view tar) {
  const std::string repository = reference.substr(0, reference.rfind(':'));
  const std::string tag = reference.substr(repository.size() + 1);
  const auto reply =
      call({"POST",
            "/images/create?fromSrc=-&repo=" + url_escape(repository) + "&tag=" + url_escape(tag),
            tar, "application/x-tar"},
           "import an image");
  if (!reply) {
    return fail_as(reply);
  }
  // The status is sent before the work is done; what went wrong then stands in the stream.
  const std::size_t error = reply->body.find("\"error\":");
  return error == std::string::npos
             ? Result<void>{}
             : Result<void>(fail(ErrorCode::kBackendRefused, "the engine cannot import an image: " +
                                                                 reply->body.substr(error, 300)));
}

Result<std::string> Engine::create(const std::string& path, std::string_view config) {
  const auto reply = call({"POST", path, config}, "create the container");
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->status == 404) {
    return fail(ErrorCode::kBackendRefused,
                "the engine cannot create the container: " + message_of(*reply));
  }
  const std::string id = member<std::string>(Json::parse(reply->body, nullptr, false), "Id", "");
  return id.empty() ? Result<std::string>(garbled("create a container")) : id;
}

Result<void> Engine::start(const std::string& id) {
  const auto reply = call({"POST", "/containers/" + id + "/start"}, "start the container");
  if (!reply) {
    return fail_as(reply);
  }
  return reply->status == 404 ? Result<void>(fail(ErrorCode::kBackendRefused,
                                                  "the container is gone before it started"))
                              : Result<void>{};
}

Result<std::optional<Container>> Engine::inspect(const std::string& id) {
  const auto reply = call({"GET", "/containers/" + id + "/json"}, "inspect the container");
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->status == 404) {
    return std::optional<Container>{};
  }
  const Json json = Json::parse(reply->body, nullptr, false);
  if (!json.is_object() || !json.contains("State")) {
    return garbled("inspect a container");
  }
  return std::optional(container_of(json, reply->body));
}

Result<std::string> Engine::exec_create(const std::string& id, std::string_view config) {
  const auto reply = call({"POST", "/containers/" + id + "/exec", config}, "enter the container");
  if (!reply) {
    return fail_as(reply);
  }
  const std::string exec = member<std::string>(Json::parse(reply->body, nullptr, false), "Id", "");
  return exec.empty() ? Result<std::string>(
                            fail(ErrorCode::kBackendRefused,
                                 "the engine cannot enter the container: " + message_of(*reply)))
                      : exec;
}

Result<void> Engine::exec_start(const std::string& exec) {
  const auto reply =
      call({"POST", "/exec/" + exec + "/start", R"({"Detach":true})"}, "enter the container");
  return reply ? Result<void>{} : fail_as(reply);
}

Result<Connection> Engine::exec_hold(const std::string& exec) {
  return Connection::open(http_.address(), {"POST", kApi + ("/exec/" + exec + "/start"),
                                            R"({"Detach":false,"Tty":false})"});
}

Result<std::optional<Exec>> Engine::exec_inspect(const std::string& exec) {
  const auto reply = call({"GET", "/exec/" + exec + "/json"}, "inspect a process");
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->status == 404) {
    return std::optional<Exec>{};
  }
  const Json json = Json::parse(reply->body, nullptr, false);
  if (!json.is_object() || !json.contains("Running")) {
    return garbled("inspect a process");
  }
  return std::optional(Exec{member(json, "Running", false), member<std::int64_t>(json, "Pid", 0),
                            member(json, "ExitCode", 0)});
}

Result<void> Engine::stop(const std::string& id, std::uint32_t grace_seconds) {
  Request request{"POST", "/containers/" + id + "/stop?t=" + std::to_string(grace_seconds)};
  request.deadline += std::chrono::seconds(grace_seconds);
  const auto reply = call(request, "stop the container");
  return reply ? Result<void>{} : fail_as(reply);
}

Result<void> Engine::remove(const std::string& id) {
  const auto reply =
      call({"DELETE", "/containers/" + id + "?force=true&v=true"}, "remove the container");
  return reply ? Result<void>{} : fail_as(reply);
}

Result<void> Engine::create_network(const std::string& path, std::string_view config) {
  const auto reply = call({"POST", path, config}, "make a network");
  return reply ? Result<void>{} : fail_as(reply);
}

Result<std::optional<Network>> Engine::inspect_network(const std::string& name) {
  const auto reply = call({"GET", "/networks/" + url_escape(name)}, "inspect a network");
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->status == 404) {
    return std::optional<Network>{};
  }
  const Json json = Json::parse(reply->body, nullptr, false);
  Network network{member<std::string>(json, "Id", ""),
                  member<std::string>(json, "Driver", ""),
                  member(json, "Internal", false),
                  member<std::map<std::string, std::string>>(json, "Labels", {}),
                  {}};
  if (network.id.empty()) {
    return garbled("inspect a network");
  }
  const Json members = member(json, "Containers", Json::object());
  for (const auto& [id, endpoint] : members.items()) {
    network.containers.push_back(id);
  }
  return std::optional(std::move(network));
}

Result<void> Engine::remove_network(const std::string& id) {
  const auto reply = call({"DELETE", "/networks/" + url_escape(id)}, "remove the network");
  return reply ? Result<void>{} : fail_as(reply);
}

Result<void> Engine::create_volume(std::string_view config) {
  const auto reply = call({"POST", "/volumes/create", config}, "make a volume");
  return reply ? Result<void>{} : fail_as(reply);
}

Result<std::optional<Volume>> Engine::inspect_volume(const std::string& name) {
  const auto reply = call({"GET", "/volumes/" + url_escape(name)}, "inspect a volume");
  if (!reply) {
    return fail_as(reply);
  }
  if (reply->status == 404) {
    return std::optional<Volume>{};
  }
  const Json json = Json::parse(reply->body, nullptr, false);
  Volume volume{member<std::string>(json, "Name", ""), member<std::string>(json, "Driver", ""),
                member<std::string>(json, "Mountpoint", ""),
                !member(json, "Options", Json()).empty(),
                member<std::map<std::string, std::string>>(json, "Labels", {})};
  if (volume.name != name || volume.mountpoint.empty()) {
    return garbled("inspect a volume");
  }
  return std::optional(std::move(volume));
}

Result<void> Engine::remove_volume(const std::string& name) {
  const auto reply = call({"DELETE", "/volumes/" + url_escape(name)}, "remove the volume");
  return reply ? Result<void>{} : fail_as(reply);
}

}  // namespace paddock::engine
