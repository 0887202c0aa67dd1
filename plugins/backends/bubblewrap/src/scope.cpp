#include "scope.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "program.hpp"
#include "support/small_file.hpp"

namespace paddock::bubblewrap {
namespace {

std::string runtime_directory() {
  const char* directory = ::getenv("XDG_RUNTIME_DIR");
  return directory != nullptr && directory[0] == '/' ? directory : "";
}

// Both programs find the user manager through these two and need nothing else.
std::vector<std::string> manager_environment() {
  std::vector<std::string> words{"XDG_RUNTIME_DIR=" + runtime_directory()};
  if (const char* bus = ::getenv("DBUS_SESSION_BUS_ADDRESS")) {
    words.push_back(std::string("DBUS_SESSION_BUS_ADDRESS=") + bus);
  }
  return words;
}

std::string manager_cgroup(const support::OwnV2& own) {
  const std::string uid = std::to_string(::getuid());
  return own.mount_point + "/user.slice/user-" + uid + ".slice/user@" + uid + ".service";
}

}  // namespace

const char* scope_property(const std::string& limit) {
  return limit == "memory" ? "MemoryMax" : limit == "cpu" ? "CPUQuota" : "TasksMax";
}

std::string scope_name(const std::string& instance) {
  return "paddock-" + instance + ".scope";
}

bool scope_available(const support::Hierarchies& hierarchies,
                     const std::vector<std::string>& limits) {
  const auto own = support::own_v2(hierarchies);
  struct stat status {};
  const std::string socket = runtime_directory() + "/systemd/private";
  if (!own || ::getuid() == 0 || ::stat(socket.c_str(), &status) != 0 ||
      !find_program("systemd-run")) {
    return false;
  }
  const std::string given =
      support::read_small_file(manager_cgroup(*own) + "/cgroup.controllers").value_or("");
  return std::all_of(limits.begin(), limits.end(), [&](const std::string& limit) {
    return support::lists_controller(given, limit);
  });
}

void wrap_in_scope(support::Launch& launch,
                   const contract::Resources& resources,
                   const std::string& instance) {
  std::vector<std::string> argv = {"systemd-run", "--user",    "--scope",
                                   "--quiet",     "--collect", "--unit=" + scope_name(instance)};
  if (resources.memory_bytes) {
    argv.push_back("--property=MemoryMax=" + std::to_string(*resources.memory_bytes));
    argv.push_back("--property=MemorySwapMax=0");
  }
  if (resources.cpus_milli) {  // percent, with a decimal
    argv.push_back("--property=CPUQuota=" + std::to_string(*resources.cpus_milli / 10) + "." +
                   std::to_string(*resources.cpus_milli % 10) + "%");
  }
  if (resources.pids) {
    argv.push_back("--property=TasksMax=" + std::to_string(*resources.pids));
  }
  argv.push_back("--");
  argv.push_back(launch.program);
  argv.insert(argv.end(), launch.argv.begin() + 1, launch.argv.end());
  launch.program = find_program("systemd-run").value_or("/usr/bin/systemd-run");
  launch.argv = std::move(argv);
  launch.environment = manager_environment();
}

std::string scope_directory(const support::Hierarchies& hierarchies, pid_t pid) {
  support::Hierarchies other = hierarchies;
  other.members = support::read_small_file("/proc/" + std::to_string(pid) + "/cgroup").value_or("");
  const auto own = support::own_v2(other);
  return own ? own->directory : "";
}

void stop_scope(const std::string& unit) {
  const auto program = find_program("systemctl");
  const support::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!program || !null) {
    return;
  }
  support::Launch launch;
  launch.program = *program;
  launch.argv = {"systemctl", "--user", "--quiet", "stop", unit};
  launch.environment = manager_environment();
  launch.stdio = {null.get(), null.get(), null.get()};
  if (const auto child = support::spawn(launch)) {
    ::waitpid(child->pid, nullptr, 0);
  }
}

}  // namespace paddock::bubblewrap
