#include "support/hierarchy.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "support/small_file.hpp"

namespace paddock::support {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool lists(const std::string& options, const std::string& word) {
  for (const std::string& option : split(options, ',')) {
    if (option == word) {
      return true;
    }
  }
  return false;
}

// Root and mount point of the first mount of `fstype` whose super options list `option`.
struct Mounted {
  std::string root, point;
};
std::optional<Mounted> find_mount(const std::string& mounts,
                                  const char* fstype,
                                  const std::string& option) {
  for (const std::string& line : split(mounts, '\n')) {
    const std::vector<std::string> fields = split(line, ' ');
    std::size_t dash = 6;
    while (dash < fields.size() && fields[dash] != "-") {
      ++dash;
    }
    if (dash + 3 < fields.size() && fields[dash + 1] == fstype &&
        (option.empty() || lists(fields[dash + 3], option))) {
      return Mounted{fields[3], fields[4]};
    }
  }
  return std::nullopt;
}

// The path of this process in the hierarchy that lists `controller`; "" is version 2's.
std::optional<std::string> member_path(const std::string& members, const std::string& controller) {
  for (const std::string& line : split(members, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const std::string names = line.substr(first + 1, second - first - 1);
    if (controller.empty() ? names.empty() : lists(names, controller)) {
      return line.substr(second + 1);
    }
  }
  return std::nullopt;
}

std::optional<std::string> directory(const Mounted& mount, const std::string& member) {
  std::string below = member;
  if (mount.root != "/") {
    if (!below.starts_with(mount.root)) {
      return std::nullopt;  // this process is outside of what is mounted
    }
    below = below.substr(mount.root.size());
  }
  return below == "/" || below.empty() ? mount.point : mount.point + below;
}

}  // namespace

const Hierarchies& own_hierarchies() {
  static const Hierarchies kHere = {read_small_file("/proc/self/mountinfo").value_or(""),
                                    read_small_file("/proc/self/cgroup").value_or("")};
  return kHere;
}

std::optional<std::string> own_v1(const Hierarchies& hierarchies, const std::string& controller) {
  const auto mount = find_mount(hierarchies.mounts, "cgroup", controller);
  const auto member = member_path(hierarchies.members, controller);
  return mount && member ? directory(*mount, *member) : std::nullopt;
}

std::optional<OwnV2> own_v2(const Hierarchies& hierarchies) {
  const auto mount = find_mount(hierarchies.mounts, "cgroup2", "");
  const auto member = member_path(hierarchies.members, "");
  const auto own = mount && member ? directory(*mount, *member) : std::nullopt;
  return own ? std::optional(OwnV2{mount->point, *own}) : std::nullopt;
}

Hierarchies hierarchies_of(const std::string& process) {
  return {own_hierarchies().mounts, read_small_file(process + "/cgroup").value_or("")};
}

std::optional<std::vector<std::pair<int, std::string>>> cgroups_of(const std::string& process) {
  const Hierarchies there = hierarchies_of(process);
  std::vector<std::pair<int, std::string>> cgroups;
  for (const std::string& line : split(there.members, '\n')) {
    const std::vector<std::string> fields = split(line, ':');
    if (fields.size() < 3) {
      continue;
    }
    const bool unified = fields[1].empty();
    const auto v2 = unified ? own_v2(there) : std::nullopt;
    const auto directory = !unified ? own_v1(there, split(fields[1], ',').front())
                           : v2     ? std::optional(v2->directory)
                                    : std::nullopt;
    if (!directory) {
      return std::nullopt;
    }
    cgroups.emplace_back(unified ? 2 : 1, *directory);
  }
  return cgroups.empty() ? std::nullopt : std::optional(std::move(cgroups));
}

bool lists_controller(const std::string& file, const std::string& controller) {
  const std::vector<std::string> words = words_of(file);
  return std::find(words.begin(), words.end(), controller) != words.end();
}

}  // namespace paddock::support
