// What comes through `paddock logs` and `paddock attach` against Docker's own, on 1 GiB of lines of
// 99 characters that a container wrote.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bench.hpp"
#include "child.hpp"
#include "engine_rival.hpp"

using namespace paddock::bench;

namespace {

constexpr double kMiB = 1024;

const std::vector<std::string>& writer() {
  static const std::vector<std::string> kWords{
      "/bin/sh", "-c", "read -r go; yes $(printf %099d 0) | head -c 1073741824"};
  return kWords;
}

/// The profile of a sandbox whose log holds all of it.
void write_profile() {
  const std::filesystem::path folder =
      std::filesystem::path(std::getenv("XDG_CONFIG_HOME")) / "paddock/profiles";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "wordy.toml")
      << "schema_version = 1\nextends = [\"quickstart\"]\n[background]\nlog_size = \"16GiB\"\n";
}

std::string write_go() {
  const std::string file = std::filesystem::current_path() / "go";
  std::ofstream(file) << "go\n";
  return file;
}

Command with_input(std::vector<std::string> words, const std::string& file) {
  Command command(std::move(words));
  command.files[0] = file;
  return command;
}

/// As peak_memory_mb(), of a process that may end meanwhile: 0 then.
double peak_now_mb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::atof(line.c_str() + 6) / kMiB;
    }
  }
  return 0;
}

double rate(double us) {
  return kMiB / (us / 1e6);
}

}  // namespace

int main() {
  if (!can_rival("docker")) {
    return 0;
  }
  const EngineRig rig("docker");
  const Home home;
  write_profile();
  const std::string go = write_go();
  const EngineBox box = start_box(rig);
  Samples attach, docker_attach, logs, docker_logs, memory;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> ours{"run",    "-di",   "--quiet", "--backend", "docker",
                                  "--name", "lines", "wordy",   "--"};
    ours.insert(ours.end(), writer().begin(), writer().end());
    run(rig.paddock(ours));
    const pid_t keeper = std::atoi(
        output_of(
            {"/bin/sh", "-c",
             host_program() +
                 " ps --json | sed "
                 "'s/.*\"host_pid\":\\([0-9]*\\),\"instance\":\"[0-9a-f]*\",\"name\":\"lines\".*/"
                 "\\1/'"})
            .c_str());
    double peak = 0;
    attach.push_back(rate(time_us([&] {
      const pid_t client = start(with_input(rig.paddock({"attach", "lines"}).argv, go));
      while (::access(("/proc/" + std::to_string(keeper)).c_str(), F_OK) == 0) {
        peak = std::max(peak, peak_now_mb(keeper));
        ::usleep(20000);
      }
      wait_for(client);
    })));
    memory.push_back(peak);
    logs.push_back(rate(time_us([&] { run(rig.paddock({"logs", "lines"})); })));
    run(rig.paddock({"destroy", "--yes", "--quiet", "lines"}));

    run(client_run(rig, box, {"-di", "--name", "lines"}, writer()));
    docker_attach.push_back(rate(time_us([&] {
      run(with_input(rig.client({"attach", "lines"}).argv, go));
    })));
    docker_logs.push_back(rate(time_us([&] { run(rig.client({"logs", "lines"})); })));
    run(rig.client({"rm", "-f", "lines"}));
  }
  end(box);
  report("paddock attach", attach, "MB/s", 0);
  report("docker attach", docker_attach, "MB/s", 0);
  report("docker attach / paddock attach", ratios(docker_attach, attach), "x", 1 / 0.9);
  report("paddock logs", logs, "MB/s", 0);
  report("docker logs", docker_logs, "MB/s", 0);
  report("docker logs / paddock logs", ratios(docker_logs, logs), "x", 1 / 0.9);
  report("peak memory of the keeper", memory, "MB", 30);
  return verdict();
}
