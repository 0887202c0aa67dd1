// Thirty-two launches of `true` at once, proof included, against Docker's API with the same
// settings and no proof, asked by as many clients at once as serve it best. Its network is `none`,
// as every client of Docker's asks for it; beside that, for comparison, as paddock does.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "bench.hpp"
#include "child.hpp"
#include "engine_rival.hpp"
#include "support/engine/http/http.hpp"

using namespace paddock::bench;
using paddock::engine::Http;
using paddock::engine::Request;

namespace {

constexpr int kLaunches = 32;
constexpr int kRounds = 3;

using Json = nlohmann::json;

// What creates a container with the settings of `box`.
Json config_of(const EngineBox& box) {
  const Json container = Json::parse(box.json);
  Json config = container.at("Config");
  config["Entrypoint"] = {"/bin/true"};
  config["Labels"] = Json::object();
  config["HostConfig"] = container.at("HostConfig");
  Json kept = Json::array();
  for (const Json& mount : config["HostConfig"].at("Mounts")) {
    if (mount.at("Target") != "/.paddock/socket") {
      kept.push_back(mount);
    }
  }
  config["HostConfig"]["Mounts"] = kept;
  return config;
}

// Ends the program when the engine refuses: a figure of what failed means nothing.
std::string ask(Http& engine, const char* method, const std::string& path, std::string_view body) {
  const auto reply = engine.send({method, "/v1.41/containers/" + path, body});
  if (!reply || reply->status >= 300) {
    note("error: " + std::string(method) + " " + path + ": " +
         (reply ? reply->body : reply.error().what));
    std::exit(2);
  }
  return reply->body;
}

void launch(Http& engine, const std::string& config) {
  const std::string id = Json::parse(ask(engine, "POST", "create", config)).at("Id");
  ask(engine, "POST", id + "/start", "");
  ask(engine, "POST", id + "/wait", "");
  ask(engine, "DELETE", id + "?force=true", "");
}

// Launches a second, by `clients` at once.
double api_rate(const std::string& socket, const std::string& config, int clients) {
  std::atomic<int> left = kLaunches;
  const double us = time_us([&] {
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&] {
        Http engine({.socket = socket});
        while (left-- > 0) {
          launch(engine, config);
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  });
  return kLaunches / (us / 1e6);
}

// With as many clients as serve it best.
double best_rate(const std::string& socket, const Json& config) {
  double best = 0;
  for (const int clients : {2, 3, 4}) {
    best = std::max(best, api_rate(socket, config.dump(), clients));
  }
  return best;
}

// The same of paddock, all at once; how long each took goes to `times`.
double paddock_rate(const Command& command, Samples& times) {
  const double us = time_us([&] {
    std::vector<std::thread> threads;
    Samples own(kLaunches);
    for (double& time : own) {
      threads.emplace_back([&] { time = time_us([&] { run(command); }); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    times.insert(times.end(), own.begin(), own.end());
  });
  return kLaunches / (us / 1e6);
}

// Shims and containers that stayed, after a moment for the engine's own clean-up.
double count_left(const EngineRig& rig) {
  ::usleep(2000000);
  const std::string listed = output_of(rig.client({"ps", "--all", "--quiet"}));
  const std::string shims =
      output_of({"sh", "-c",
                 "for p in $(pgrep -x containerd-shim); do grep -aq \"$0\" /proc/$p/cmdline && "
                 "echo $p; done | wc -l",
                 rig.folder()});
  return static_cast<double>(std::count(listed.begin(), listed.end(), '\n')) + std::stod(shims);
}

}  // namespace

int main() {
  if (!can_rival("docker")) {
    return 0;
  }
  const EngineRig rig("docker");
  const Home home;
  const EngineBox box = start_box(rig);
  const Json config = config_of(box);
  Json usual = config;
  usual.erase("NetworkDisabled");
  end(box);
  const Command mine =
      rig.paddock({"run", "--quiet", "--backend", "docker", "quickstart", "--", "/bin/true"});
  Samples ours, theirs, tuned, times;
  for (int round = 0; round < kRounds; ++round) {
    theirs.push_back(best_rate(rig.socket(), usual));
    ours.push_back(paddock_rate(mine, times));
    tuned.push_back(best_rate(rig.socket(), config));
  }
  report("32 paddock runs at once", ours, "/s", 0);
  report("Docker's API, its best number of clients", theirs, "/s", 0);
  report("Docker's API / paddock", ratios(theirs, ours), "x", 1 / 0.95);
  report("the API without a network of its management / paddock", ratios(tuned, ours), "x", 0);
  report("one of 32, from Enter to its end: 99th percentile", {quantile(times, 0.99) / 1e6}, "s",
         0);
  report("containers and shims left behind", {count_left(rig)}, "", 0.5);
  return verdict();
}
