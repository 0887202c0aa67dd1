#include "engine_rival.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "bench.hpp"

namespace paddock::bench {
namespace {

using Json = nlohmann::json;

// As inspected: Podman adds words that its client does not take.
std::string tmpfs_options(const std::string& inspected) {
  std::string kept;
  std::istringstream words(inspected);
  for (std::string word; std::getline(words, word, ',');) {
    if (word != "rprivate" && word != "tmpcopyup") {
      kept += (kept.empty() ? "" : ",") + word;
    }
  }
  return kept;
}

std::vector<std::string> flags_of(const Json& container) {
  const Json& host = container.at("HostConfig");
  const Json& config = container.at("Config");
  std::vector<std::string> argv = {
      "--network",         "none",      "--ipc",      "none",    "--read-only",
      "--cap-drop",        "ALL",       "--cgroupns", "private", "--security-opt",
      "no-new-privileges", "--workdir", "/"};
  const auto add = [&](const std::string& flag, const std::string& value) {
    argv.insert(argv.end(), {flag, value});
  };
  add("--user", config.at("User"));
  add("--hostname", config.at("Hostname"));
  add("--memory", std::to_string(host.at("Memory").get<long long>()));
  add("--memory-swap", std::to_string(host.at("MemorySwap").get<long long>()));
  add("--cpus", std::to_string(host.at("NanoCpus").get<double>() / 1e9));
  add("--pids-limit", std::to_string(host.at("PidsLimit").get<long long>()));
  for (const auto& [target, options] : host.at("Tmpfs").items()) {
    add("--tmpfs", target + ":" + tmpfs_options(options));
  }
  for (const Json& mount : container.at("Mounts")) {
    const std::string target = mount.at("Destination");
    if (target != "/.paddock/socket") {
      add("--mount", "type=bind,source=" + mount.at("Source").get<std::string>() +
                         ",target=" + target + (mount.at("RW").get<bool>() ? "" : ",readonly"));
    }
  }
  return argv;
}

bool is_running(const EngineRig& rig) {
  return output_of(rig.paddock({"ps"})).find("running") != std::string::npos;
}

}  // namespace

bool can_rival(const std::string& engine) {
  const std::string programs = engine == "docker" ? "dockerd docker" : "podman nsenter";
  if (::geteuid() == 0 && std::system(("command -v " + programs + " >/dev/null").c_str()) == 0) {
    return true;
  }
  note("skipped: needs root and " + programs);
  return false;
}

EngineRig::EngineRig(std::string engine) : engine_(std::move(engine)) {
  run({PADDOCK_BENCH_RIG, "up", engine_, PADDOCK_BENCH_RIG_LINK});
  folder_ = std::filesystem::read_symlink(PADDOCK_BENCH_RIG_LINK);
}

EngineRig::~EngineRig() {
  run({PADDOCK_BENCH_RIG, "down", engine_, PADDOCK_BENCH_RIG_LINK});
}

Command EngineRig::paddock(const std::vector<std::string>& words) const {
  const std::string variable = engine_ == "docker" ? "DOCKER_HOST" : "CONTAINER_HOST";
  std::vector<std::string> argv{"env", variable + "=unix://" + socket(), host_program()};
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

Command EngineRig::client(const std::vector<std::string>& words) const {
  std::vector<std::string> argv{"docker", "--host", "unix://" + socket()};
  if (engine_ == "podman") {
    std::string pid;
    std::ifstream(folder_ + "/pid") >> pid;
    argv = {"nsenter",
            "--mount",
            "--net",
            "--uts",
            "--target",
            pid,
            "env",
            "CONTAINERS_CONF=" + folder_ + "/containers.conf",
            "CONTAINERS_STORAGE_CONF=" + folder_ + "/storage.conf",
            "podman"};
  }
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

EngineBox start_box(const EngineRig& rig) {
  EngineBox box{start(rig.paddock({"run", "--quiet", "--backend", rig.engine(), "--name", "box",
                                   "quickstart", "--", "sleep", "600"})),
                {},
                {},
                {},
                {}};
  while (box.id.empty() || !is_running(rig)) {
    box.id = output_of(rig.client({"ps", "--quiet", "--filter", "label=io.paddock.sandbox=box"}));
  }
  box.id.erase(box.id.find('\n'));
  const Json container = Json::parse(output_of(rig.client({"inspect", box.id}))).at(0);
  box.flags = flags_of(container);
  box.image = container.at("Config").at("Image");
  box.json = container.dump();
  return box;
}

void end(const EngineBox& box) {
  kill(box.pid, SIGTERM);
  wait_for(box.pid);
}

Command client_run(const EngineRig& rig,
                   const EngineBox& box,
                   const std::vector<std::string>& options,
                   const std::vector<std::string>& command) {
  std::vector<std::string> words{"run"};
  words.insert(words.end(), box.flags.begin(), box.flags.end());
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--entrypoint", command.front(), box.image});
  words.insert(words.end(), command.begin() + 1, command.end());
  return rig.client(words);
}

}  // namespace paddock::bench
