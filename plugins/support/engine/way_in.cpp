#include "support/engine/way_in.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/hierarchy.hpp"
#include "support/process.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

struct Namespace {
  const char* name;
  int flag;
};
constexpr Namespace kNamespaces[] = {{"user", CLONE_NEWUSER},    {"mnt", CLONE_NEWNS},
                                     {"pid", CLONE_NEWPID},      {"net", CLONE_NEWNET},
                                     {"ipc", CLONE_NEWIPC},      {"uts", CLONE_NEWUTS},
                                     {"cgroup", CLONE_NEWCGROUP}};

/// Those that are not this process's own, which cannot be joined anew.
int namespaces_of(const std::string& process) {
  int flags = 0;
  for (const auto& [name, flag] : kNamespaces) {
    struct stat own {
    }, theirs{};
    if (::stat((std::string("/proc/self/ns/") + name).c_str(), &own) == 0 &&
        ::stat((process + "/ns/" + name).c_str(), &theirs) == 0 && own.st_ino != theirs.st_ino) {
      flags |= flag;
    }
  }
  return flags;
}

/// Whether a security module, where there is one, treats both alike.
bool is_labelled_alike(const std::string& process) {
  return support::read_small_file(process + "/attr/current") ==
         support::read_small_file("/proc/self/attr/current");
}

}  // namespace

std::string filters_file(const std::string& runtime_dir) {
  return runtime_dir + "/filters";
}

std::optional<support::Entrance> way_in(const contract::Plan& plan,
                                        pid_t first,
                                        const std::string& runtime_dir) {
  const std::string process = "/proc/" + std::to_string(first);
  support::Entrance way;
  way.filters.reset(::open(filters_file(runtime_dir).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  way.process = support::open_pidfd(first);
  auto cgroups = support::cgroups_of(process);
  if (::geteuid() != 0 || !way.filters || !way.process || !cgroups || !is_labelled_alike(process)) {
    return std::nullopt;
  }
  way.cgroups = std::move(*cgroups);
  way.namespaces = namespaces_of(process);
  way.capabilities = plan.security.capabilities;
  way.user = plan.process.user.uid;
  way.group = plan.process.user.gid;
  return way;
}

}  // namespace paddock::engine
