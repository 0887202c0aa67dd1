// `paddock run` and `paddock exec` on Docker, proof included, against Docker's own client with the
// same settings, on a dockerd of the rig's (tests/engines/rig).
//
// The client's flags are taken from a container that paddock made. It has none for the list of
// masked paths; it masks the engine's own.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "bench.hpp"
#include "child.hpp"

using namespace paddock::bench;

namespace {

using Json = nlohmann::json;

/// A dockerd, while this lives.
class Rig {
 public:
  explicit Rig(std::string link) : link_(std::move(link)) {
    run({PADDOCK_BENCH_RIG, "up", "docker", link_});
    const std::string socket = std::filesystem::read_symlink(link_) / "socket";
    ::setenv("DOCKER_HOST", ("unix://" + socket).c_str(), 1);
  }
  ~Rig() { run({PADDOCK_BENCH_RIG, "down", "docker", link_}); }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

 private:
  std::string link_;
};

/// `paddock run ... sleep` and the container that it made.
struct Box {
  pid_t pid;
  Json container;
};

Box start_box() {
  const pid_t pid = start({host_program(), "run", "--quiet", "--backend", "docker", "--name", "box",
                           "quickstart", "--", "sleep", "600"});
  std::string id;
  while (id.empty() || output_of({host_program(), "ps"}).find("running") == std::string::npos) {
    id = output_of({"docker", "ps", "--quiet", "--filter", "label=io.paddock.sandbox=box"});
  }
  id.erase(id.find('\n'));
  return {pid, Json::parse(output_of({"docker", "inspect", id})).at(0)};
}

Command client(const Json& container) {
  const Json& host = container.at("HostConfig");
  const Json& config = container.at("Config");
  std::vector<std::string> argv = {
      "docker",     "run",     "--rm",           "--network",
      "none",       "--ipc",   "none",           "--read-only",
      "--cap-drop", "ALL",     "--log-driver",   "none",
      "--cgroupns", "private", "--security-opt", "no-new-privileges:true",
      "--workdir",  "/",       "--entrypoint",   "/bin/true"};
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
  argv.push_back(config.at("Image"));
  return Command(argv);
}

}  // namespace

int main() {
  if (geteuid() != 0 || std::system("command -v dockerd docker >/dev/null") != 0) {
    note("skipped: needs root, dockerd and Docker's client");
    return 0;
  }
  const Rig rig(PADDOCK_BENCH_RIG_LINK);
  const Home home;
  const Box box = start_box();
  Samples ours, theirs;
  const std::string id = box.container.at("Id");
  sample_pairs_us(
      21,
      [] {
        run({host_program(), "exec", "box", "true"});
      },
      [&] {
        run({"docker", "exec", id, "/bin/true"});
      },
      ours, theirs);
  report("paddock exec true, in a container", ours, "us", 0);
  report("docker exec true", theirs, "us", 0);
  report("paddock exec / docker exec", ratios(ours, theirs), "x", 0.7);
  kill(box.pid, SIGTERM);
  wait_for(box.pid);

  const Command plain = client(box.container);
  Samples runs, rivals;
  sample_pairs_us(
      21,
      [] {
        run({host_program(), "run", "--quiet", "--backend", "docker", "quickstart", "--",
             "/bin/true"});
      },
      [&] { run(plain); }, runs, rivals);
  report("paddock run --backend docker quickstart -- true", runs, "us", 0);
  report("docker run --rm with the same settings", rivals, "us", 0);
  report("paddock run / docker run", ratios(runs, rivals), "x", 1.0);
  return verdict();
}
