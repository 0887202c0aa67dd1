// What paddock asks of a container engine, in the words of Docker's Engine API 1.41 (Docker 20.10)
// and later: https://docs.docker.com/reference/api/engine/. Nothing is retried. [one thread]
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/result.hpp"
#include "support/engine/http/http.hpp"

namespace paddock::engine {

struct Version {
  std::string engine;  ///< "Docker/20.10.24 (linux)"
  std::string api;     ///< the highest that it speaks, "1.41"
};

/// What `inspect` tells of a container.
struct Container {
  std::string id;
  std::map<std::string, std::string> labels;
  std::string image;  ///< id of what it was made from, "sha256:..."
  bool running = false;
  bool ended = false;    ///< Podman has a time between the two, without an exit code
  std::int64_t pid = 0;  ///< of its first process, in the engine's PID namespace; 0: none
  int exit_code = 0;     ///< once it has ended
  bool oom_killed = false;
  std::string json;  ///< the whole reply
};

/// One more process in a container.
struct Exec {
  bool running = false;
  std::int64_t pid = 0;  ///< in the engine's PID namespace; 0: none yet
  int exit_code = 0;
};

/// What the engine tells of a named volume.
struct Volume {
  std::string name;
  std::string driver;
  std::string mountpoint;  ///< a path, as the engine sees it
  bool has_options = false;
  std::map<std::string, std::string> labels;
};

/// What the engine tells of a network.
struct Network {
  std::string id;
  std::string driver;
  bool internal = false;
  std::map<std::string, std::string> labels;
  std::vector<std::string> containers;  ///< ids of those that are on it
};

/// What it tells of the machine that it is on.
struct Info {
  std::string kernel;  ///< "6.1.0-18-amd64"
  std::string data;    ///< its data directory there
  std::string json;    ///< the whole reply
};

class Engine {
 public:
  explicit Engine(Address address);

  /// Errors: kBackendMissing; kBackendRefused for an API before 1.41.
  Result<Version> version();
  /// As Http::owner().
  std::optional<uid_t> owner() const { return http_.owner(); }
  /// As Http::listener().
  std::optional<pid_t> listener() const { return http_.listener(); }
  Result<Info> info();
  const Address& address() const { return http_.address(); }
  Result<bool> has_image(const std::string& reference);
  /// Makes an image of one layer from a tar archive.
  Result<void> import_image(const std::string& reference, std::string_view tar);
  /// POSTs `config`, a request's JSON, to `path`, below "/v1.41" unless it names a version of its
  /// own. The new container's id. Errors: kBackendRefused with the engine's words.
  Result<std::string> create(const std::string& path, std::string_view config);
  Result<void> start(const std::string& id);
  /// Nothing when there is none of that name or id.
  Result<std::optional<Container>> inspect(const std::string& id);
  /// Prepares a process in the container `id`; `config` is the request's JSON. Its id.
  Result<std::string> exec_create(const std::string& id, std::string_view config);
  Result<void> exec_start(const std::string& exec);
  /// The same, but the engine watches over it as long as the connection lasts.
  Result<Connection> exec_hold(const std::string& exec);
  /// Nothing when the engine knows none of that id.
  Result<std::optional<Exec>> exec_inspect(const std::string& exec);
  /// Asks it to end, and kills it after the grace; fine when it has ended or is gone.
  Result<void> stop(const std::string& id, std::uint32_t grace_seconds);
  /// With force; fine when it is gone.
  Result<void> remove(const std::string& id);
  /// POSTs `config`, a request's JSON, to `path`, as create() does. Errors: kBackendRefused.
  Result<void> create_network(const std::string& path, std::string_view config);
  /// Nothing when there is none of that name or id.
  Result<std::optional<Network>> inspect_network(const std::string& name);
  /// Errors: kBackendRefused while a container is on it. Fine when it is gone.
  Result<void> remove_network(const std::string& id);
  /// `config` is the request's JSON; fine when there is one of that name.
  Result<void> create_volume(std::string_view config);
  /// Nothing when there is none.
  Result<std::optional<Volume>> inspect_volume(const std::string& name);
  /// Errors: kBackendRefused while a container has it. Fine when it is gone.
  Result<void> remove_volume(const std::string& name);

  /// For what has a file of its own: images. A status of 304 or 404 is a reply; any other beyond
  /// 2xx is kBackendRefused with the engine's words. `step` completes "the engine cannot ...".
  Result<Reply> call(Request request, const std::string& step);
  /// The same in pieces; only 2xx is well.
  Result<void> pass(Request request, const Stream& stream, const std::string& step);

 private:
  Http http_;
};

}  // namespace paddock::engine
