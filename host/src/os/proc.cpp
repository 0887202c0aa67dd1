#include "os/proc.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>

#include "os/file.hpp"

namespace paddock::os {
namespace {

std::string proc_path(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end != 0) {
      parts.push_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

template <typename Number>
Number number_of(std::string_view text, int base = 10) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

std::vector<std::uint32_t> ids_of(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '\t', ' ');
  std::vector<std::uint32_t> ids;
  for (const std::string_view part : split(spaced, ' ')) {
    ids.push_back(number_of<std::uint32_t>(part));
  }
  return ids;
}

void take_status_line(std::string_view key, std::string_view value, ProcStatus& out) {
  const std::array<std::pair<std::string_view, std::uint64_t*>, 5> caps = {{
      {"CapInh", &out.cap_inheritable},
      {"CapPrm", &out.cap_permitted},
      {"CapEff", &out.cap_effective},
      {"CapBnd", &out.cap_bounding},
      {"CapAmb", &out.cap_ambient},
  }};
  for (const auto& [name, target] : caps) {
    if (key == name) {
      *target = number_of<std::uint64_t>(value, 16);
    }
  }
  if (key == "Uid") {
    out.uids = ids_of(value);
  } else if (key == "Gid") {
    out.gids = ids_of(value);
  } else if (key == "Groups") {
    out.groups = ids_of(value);
  } else if (key == "NoNewPrivs") {
    out.no_new_privs = number_of<int>(value);
  } else if (key == "Seccomp") {
    out.seccomp = number_of<int>(value);
  } else if (key == "TracerPid") {
    out.tracer = number_of<pid_t>(value);
  } else if (key == "Umask") {
    out.umask = number_of<int>(value, 8);
  } else if (key == "VmHWM") {
    out.rss_peak_kib = number_of<std::uint64_t>(value);
  }
}

// mountinfo writes space, tab, newline and backslash as \040 and so on.
std::string unescape_octal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '3') {
      out += static_cast<char>(number_of<int>(text.substr(i + 1, 3), 8));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<MountInfo> parse_mount(std::string_view line) {
  const auto fields = split(line, ' ');
  const auto dash = std::find(fields.begin(), fields.end(), "-");
  if (dash - fields.begin() < 6 || fields.end() - dash < 3) {
    return std::nullopt;
  }
  MountInfo mount;
  mount.id = number_of<int>(fields[0]);
  mount.parent = number_of<int>(fields[1]);
  mount.device = fields[2];
  mount.root = unescape_octal(fields[3]);
  mount.target = unescape_octal(fields[4]);
  mount.options = fields[5];
  for (auto it = fields.begin() + 6; it != dash; ++it) {
    mount.propagation += (mount.propagation.empty() ? "" : " ") + std::string(*it);
  }
  mount.fstype = dash[1];
  mount.source = fields.end() - dash > 2 ? unescape_octal(dash[2]) : "";
  mount.super_options = fields.end() - dash > 3 ? std::string(dash[3]) : "";
  return mount;
}

bool lists(std::string_view options, std::string_view name) {
  const auto parts = split(options, ',');
  return std::find(parts.begin(), parts.end(), name) != parts.end();
}

std::uint64_t limit_value(std::string_view text) {
  return text == "unlimited" ? std::numeric_limits<std::uint64_t>::max()
                             : number_of<std::uint64_t>(text);
}

// Titles in /proc/PID/limits and the RLIMIT names they stand for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kLimitTitles = {{
    {"Max cpu time", "cpu"},
    {"Max file size", "fsize"},
    {"Max data size", "data"},
    {"Max stack size", "stack"},
    {"Max core file size", "core"},
    {"Max resident set", "rss"},
    {"Max processes", "nproc"},
    {"Max open files", "nofile"},
    {"Max locked memory", "memlock"},
    {"Max address space", "as"},
    {"Max file locks", "locks"},
    {"Max pending signals", "sigpending"},
    {"Max msgqueue size", "msgqueue"},
    {"Max nice priority", "nice"},
    {"Max realtime priority", "rtprio"},
    {"Max realtime timeout", "rttime"},
}};

}  // namespace

Result<ProcStatus> read_status(pid_t pid) {
  const auto text = read_kernel_file(proc_path(pid, "status"));
  return text ? Result<ProcStatus>(parse_status(*text)) : fail_as(text);
}

ProcStatus parse_status(std::string_view text) {
  ProcStatus out;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
      take_status_line(line.substr(0, colon), trimmed(line.substr(colon + 1)), out);
    }
  }
  return out;
}

bool MountInfo::has_option(std::string_view name) const {
  return lists(options, name);
}

bool MountInfo::has_super_option(std::string_view name) const {
  return lists(super_options, name);
}

Result<std::vector<MountInfo>> read_mountinfo(pid_t pid) {
  const std::string path = proc_path(pid, "mountinfo");
  const auto text = read_kernel_file(path);
  return text ? parse_mountinfo(*text, path) : fail_as(text);
}

Result<std::vector<MountInfo>> parse_mountinfo(std::string_view text, const std::string& path) {
  std::vector<MountInfo> mounts;
  for (const std::string_view line : split(text, '\n')) {
    auto mount = parse_mount(line);
    if (!mount) {
      return fail(ErrorCode::kSystem, "cannot read a line of '" + path + "'");
    }
    mounts.push_back(std::move(*mount));
  }
  return mounts;
}

Result<std::map<std::string, Limit>> read_limits(pid_t pid) {
  const auto text = read_kernel_file(proc_path(pid, "limits"));
  if (!text) {
    return fail_as(text);
  }
  std::map<std::string, Limit> limits;
  for (const std::string_view line : split(*text, '\n')) {
    for (const auto& [title, name] : kLimitTitles) {
      if (line.substr(0, title.size()) == title) {
        const auto fields = split(line.substr(title.size()), ' ');
        if (fields.size() >= 2) {
          limits[std::string(name)] = {limit_value(fields[0]), limit_value(fields[1])};
        }
      }
    }
  }
  return limits;
}

Result<std::map<std::string, std::uint64_t>> read_namespaces(pid_t pid) {
  std::map<std::string, std::uint64_t> inodes;
  for (const char* name : {"mnt", "pid", "net", "user", "uts", "ipc", "cgroup", "time"}) {
    struct stat info {};
    const std::string path = proc_path(pid, std::string("ns/") + name);
    if (::stat(path.c_str(), &info) == 0) {
      inodes[name] = info.st_ino;
    } else if (errno != ENOENT) {
      return fail_errno(errno, "cannot look at '" + path + "'");
    }
  }
  return inodes;
}

Result<std::vector<std::string>> read_interfaces(pid_t pid) {
  const auto text = read_kernel_file(proc_path(pid, "net/dev"));
  if (!text) {
    return fail_as(text);
  }
  std::vector<std::string> names;
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t colon = line.find(':');  // the two heading lines have none
    if (colon != std::string_view::npos) {
      names.emplace_back(trimmed(line.substr(0, colon)));
    }
  }
  return names;
}

Result<std::map<int, std::string>> read_descriptors(pid_t pid) {
  const std::string directory = proc_path(pid, "fd");
  const auto names = list_dir(directory);
  if (!names) {
    return fail_as(names);
  }
  std::map<int, std::string> out;
  for (const std::string& name : *names) {
    std::array<char, 4096> link{};
    const ssize_t length = ::readlink((directory + "/" + name).c_str(), link.data(), link.size());
    if (length >= 0) {
      out[number_of<int>(name)] = std::string(link.data(), static_cast<std::size_t>(length));
    }
  }
  return out;
}

}  // namespace paddock::os
