#include "docker_rival.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "bench.hpp"

namespace paddock::bench {
namespace {

using Json = nlohmann::json;

std::vector<std::string> flags_of(const Json& container) {
  const Json& host = container.at("HostConfig");
  const Json& config = container.at("Config");
  std::vector<std::string> argv = {"--network",
                                   "none",
                                   "--ipc",
                                   "none",
                                   "--read-only",
                                   "--cap-drop",
                                   "ALL",
                                   "--cgroupns",
                                   "private",
                                   "--security-opt",
                                   "no-new-privileges:true",
                                   "--workdir",
                                   "/"};
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
    add("--tmpfs", target + ":" + options.get<std::string>());
  }
  for (const Json& mount : host.at("Mounts")) {
    const std::string target = mount.at("Target");
    if (target != "/.paddock/socket") {
      add("--mount", "type=bind,source=" + mount.at("Source").get<std::string>() +
                         ",target=" + target + (mount.value("ReadOnly", false) ? ",readonly" : ""));
    }
  }
  return argv;
}

}  // namespace

bool can_rival_docker() {
  if (::geteuid() == 0 && std::system("command -v dockerd docker >/dev/null") == 0) {
    return true;
  }
  note("skipped: needs root, dockerd and Docker's client");
  return false;
}

DockerRig::DockerRig() {
  run({PADDOCK_BENCH_RIG, "up", "docker", PADDOCK_BENCH_RIG_LINK});
  const std::string socket = std::filesystem::read_symlink(PADDOCK_BENCH_RIG_LINK) / "socket";
  ::setenv("DOCKER_HOST", ("unix://" + socket).c_str(), 1);
}

DockerRig::~DockerRig() {
  run({PADDOCK_BENCH_RIG, "down", "docker", PADDOCK_BENCH_RIG_LINK});
}

DockerBox start_docker_box() {
  DockerBox box{start({host_program(), "run", "--quiet", "--backend", "docker", "--name", "box",
                       "quickstart", "--", "sleep", "600"}),
                {},
                {},
                {}};
  while (box.id.empty() || output_of({host_program(), "ps"}).find("running") == std::string::npos) {
    box.id = output_of({"docker", "ps", "--quiet", "--filter", "label=io.paddock.sandbox=box"});
  }
  box.id.erase(box.id.find('\n'));
  const Json container = Json::parse(output_of({"docker", "inspect", box.id})).at(0);
  box.flags = flags_of(container);
  box.image = container.at("Config").at("Image");
  return box;
}

void end(const DockerBox& box) {
  kill(box.pid, SIGTERM);
  wait_for(box.pid);
}

Command docker_run(const DockerBox& box,
                   const std::vector<std::string>& options,
                   const std::vector<std::string>& command) {
  std::vector<std::string> argv{"docker", "run"};
  argv.insert(argv.end(), box.flags.begin(), box.flags.end());
  argv.insert(argv.end(), options.begin(), options.end());
  argv.insert(argv.end(), {"--entrypoint", command.front(), box.image});
  argv.insert(argv.end(), command.begin() + 1, command.end());
  return Command(argv);
}

}  // namespace paddock::bench
