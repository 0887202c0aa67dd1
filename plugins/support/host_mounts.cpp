#include "support/host_mounts.hpp"

#include <algorithm>
#include <string_view>

#include "support/host_root.hpp"
#include "support/small_file.hpp"

namespace paddock::support {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescape(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '\\' && i + 3 < field.size() && is_octal(field[i + 1]) &&
        is_octal(field[i + 2]) && is_octal(field[i + 3])) {
      text += static_cast<char>((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 +
                                (field[i + 3] - '0'));
      i += 3;
    } else {
      text += field[i];
    }
  }
  return text;
}

std::string_view fifth_field(std::string_view line) {
  for (int skipped = 0; skipped < 4; ++skipped) {
    line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
  }
  return line.substr(0, line.find(' '));
}

HostMounts read_from(const std::string& file) {
  HostMounts mounts;
  const std::string text = read_small_file(file).value_or("");
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    mounts.points.push_back(unescape(fifth_field(line)));
  }
  std::sort(mounts.points.begin(), mounts.points.end());
  return mounts;
}

}  // namespace

std::vector<std::string> HostMounts::below(const std::string& directory) const {
  std::vector<std::string> found;
  for (const std::string& point : points) {
    if (point != directory && is_within(point, directory)) {
      found.push_back(point);
    }
  }
  return found;
}

HostMounts read_host_mounts() {
  return read_from("/proc/self/mountinfo");
}

HostMounts read_mounts(pid_t pid) {
  return read_from("/proc/" + std::to_string(pid) + "/mountinfo");
}

}  // namespace paddock::support
