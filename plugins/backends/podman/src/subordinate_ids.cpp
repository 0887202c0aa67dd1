#include "subordinate_ids.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "programs.hpp"
#include "support/small_file.hpp"

namespace paddock::podman {
namespace {

std::string own_name() {
  const passwd* const entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
}

bool has_range(const char* file, const std::string& name) {
  return gives_range(support::read_small_file(file).value_or(""), name, ::geteuid());
}

/// "subid: sss", nsswitch.conf(5): a directory of accounts gives the ranges.
bool come_from_elsewhere() {
  const std::string text = "\n" + support::read_small_file("/etc/nsswitch.conf").value_or("");
  return text.find("\nsubid:") != std::string::npos;
}

}  // namespace

bool gives_range(std::string_view file, std::string_view name, uid_t uid) {
  while (!file.empty()) {
    const std::string_view line = file.substr(0, file.find('\n'));
    file.remove_prefix(std::min(line.size() + 1, file.size()));
    const std::size_t first = line.find(':');
    const std::size_t last = line.rfind(':');
    const std::string_view who = line.substr(0, first);
    if (first != last && (who == name || who == std::to_string(uid)) &&
        line.substr(last + 1).find_first_not_of('0') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::optional<engine::Obstacle> subordinate_ids_obstacle() {
  for (const std::string program : {"newuidmap", "newgidmap"}) {
    if (!finds_program(program)) {
      return engine::Obstacle{"the program '" + program + "' is missing",
                              "install the package 'uidmap', or 'shadow-utils'"};
    }
  }
  const std::string name = own_name();
  if ((has_range("/etc/subuid", name) && has_range("/etc/subgid", name)) || come_from_elsewhere()) {
    return std::nullopt;
  }
  return engine::Obstacle{
      "user '" + name + "' has no subordinate ids, which a container's user namespace takes",
      "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " + name +
          ", then: podman system migrate"};
}

}  // namespace paddock::podman
