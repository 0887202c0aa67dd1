#include "host/proof/bwrap_sandbox.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "os/file.hpp"

namespace paddock::test {
namespace {

constexpr const char* kGate = "/run/gate";

GateOptions launched_by(const BwrapOptions& options, int stdin_fd) {
  GateOptions gate;
  gate.stdin_fd = stdin_fd;
  gate.launcher = options.words();
  gate.gate = kGate;
  return gate;
}

/// bwrap's one child: the sandbox's first process.
pid_t only_child(pid_t pid) {
  const std::string number = std::to_string(pid);
  const auto children = os::read_kernel_file("/proc/" + number + "/task/" + number + "/children");
  return children && !children->empty() ? static_cast<pid_t>(std::stol(*children)) : 0;
}

}  // namespace

BwrapOptions::BwrapOptions(const Sample& sample) {
  group("user", {"--unshare-user"});
  group("nested", {"--disable-userns"});
  group("cgroup", {"--unshare-cgroup"});
  group("pid", {"--unshare-pid", "--as-pid-1"});
  group("net", {"--unshare-net"});
  group("ipc", {"--unshare-ipc"});
  group("hostname", {"--unshare-uts", "--hostname", "pen"});
  group("session", {});
  group("life", {"--die-with-parent", "--clearenv"});
  group("uid", {"--uid", "1000"});
  group("gid", {"--gid", "1000"});
  group("capabilities", {"--cap-drop", "ALL"});
  add_system(sample);
  group("proc", {"--proc", "/proc"});
  group("dev", {"--dev", "/dev"});
  group("work", {"--bind", sample.path("work"), "/work"});
  group("private", {"--tmpfs", "/work/private", "--remount-ro", "/work/private"});
  group("docs", {"--ro-bind", sample.path("docs"), "/docs"});
  group("tmp", {"--size", "16777216", "--tmpfs", "/tmp"});
  group("shm", {"--size", "1048576", "--tmpfs", "/dev/shm"});
  group("mask-file", {"--dev-bind", "/dev/null", "/proc/keys"});
  group("mask-directory", {"--tmpfs", "/proc/tty", "--remount-ro", "/proc/tty"});
  group("dev-ro", {"--remount-ro", "/dev"});
}

void BwrapOptions::add_system(const Sample& sample) {
  for (const contract::EngineMount& mount : sample.prepared.engine_mounts) {
    if (!mount.source.empty()) {
      group(mount.target, {"--ro-bind", mount.source, mount.target});
    }
  }
  for (const char* path : {"/bin", "/sbin", "/lib", "/lib64"}) {
    if (std::filesystem::is_symlink(path)) {
      group(path, {"--symlink", std::filesystem::read_symlink(path).string(), path});
    }
  }
  group("gate", {"--ro-bind", gate_program(), kGate});
}

void BwrapOptions::drop(const std::string& name) {
  replace(name, {});
}

void BwrapOptions::replace(const std::string& name, std::vector<std::string> words) {
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (found == groups_.end()) {
    throw std::runtime_error("no options of this name: " + name);
  }
  found->second = std::move(words);
}

std::vector<std::string> BwrapOptions::words() const {
  std::vector<std::string> all = {"bwrap"};
  for (const auto& [name, words] : groups_) {
    all.insert(all.end(), words.begin(), words.end());
  }
  const bool open_root = std::any_of(groups_.begin(), groups_.end(), [](const auto& entry) {
    return entry.second == std::vector<std::string>{"--open-root"};
  });
  std::erase(all, "--open-root");
  if (!open_root) {
    all.insert(all.end(), {"--remount-ro", "/"});
  }
  all.emplace_back("--");
  return all;
}

BwrapSandbox::BwrapSandbox(const BwrapOptions& options, int stdin_fd)
    : bwrap_(launched_by(options, stdin_fd)) {
  greet(bwrap_);
  pid_ = only_child(bwrap_.pid());
  // Without a PID namespace bwrap has no process of its own beside the command.
  pid_ = pid_ == 0 ? bwrap_.pid() : pid_;
}

}  // namespace paddock::test
