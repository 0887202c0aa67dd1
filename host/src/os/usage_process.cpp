#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "os/file.hpp"
#include "os/usage.hpp"

namespace paddock::os {
namespace {

namespace fs = std::filesystem;

/// What one process uses; nullopt when it has ended.
struct One {
  std::optional<std::uint64_t> cpu_us, tasks, memory_bytes, read_bytes, written_bytes;
};

/// Of field 4 on (proc(5) counts from 1): the name in parentheses may hold anything.
std::vector<std::uint64_t> stat_fields(const std::string& text) {
  std::istringstream stream(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
  std::string state;
  stream >> state;
  std::vector<std::uint64_t> fields;
  for (std::string word; stream >> word;) {
    std::uint64_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    fields.push_back(value);
  }
  return fields;
}

/// Times of its own and of the children that it waited for, so that little is lost when they end.
void add_times(const std::string& text, One& one) {
  constexpr std::size_t kUserTime = 14 - 4, kChildrenSystemTime = 17 - 4, kThreads = 20 - 4;
  const auto fields = stat_fields(text);
  const long ticks = ::sysconf(_SC_CLK_TCK);
  if (fields.size() <= kThreads || ticks <= 0) {
    return;
  }
  std::uint64_t sum = 0;
  for (std::size_t i = kUserTime; i <= kChildrenSystemTime; ++i) {
    sum += fields[i];
  }
  one.cpu_us = sum * 1000000 / static_cast<std::uint64_t>(ticks);
  one.tasks = fields[kThreads];
}

/// The number after "key:" in a file of such lines.
std::optional<std::uint64_t> keyed(const std::string& text, const std::string& key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::uint64_t value = 0;
    if (line.starts_with(key) && std::istringstream(line.substr(key.size())) >> value) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<One> read_one(const fs::path& process) {
  const auto stat = read_kernel_file(process / "stat");
  if (!stat || stat->empty()) {
    return std::nullopt;
  }
  One one;
  add_times(*stat, one);
  const std::string memory = read_kernel_file(process / "smaps_rollup").value_or("");
  if (const auto share = keyed(memory, "Pss:")) {
    one.memory_bytes = *share * 1024;
  }
  const std::string io = read_kernel_file(process / "io").value_or("");
  one.read_bytes = keyed(io, "read_bytes:");
  one.written_bytes = keyed(io, "write_bytes:");
  return one;
}

void add(std::optional<std::uint64_t>& sum, const std::optional<std::uint64_t>& part) {
  sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

/// It ended while we read it: its stat was there, and is gone or a zombie's by now.
bool has_ended(const fs::path& process) {
  const auto stat = read_kernel_file(process / "stat");
  const auto name_end = stat ? stat->rfind(") ") : std::string::npos;
  return name_end == std::string::npos || stat->compare(name_end, 3, ") Z") == 0;
}

std::uint64_t namespace_of(const fs::path& process) {
  struct stat info {};
  return ::stat((process / "ns/pid").c_str(), &info) == 0 ? info.st_ino : 0;
}

}  // namespace

Usage process_usage(const std::vector<pid_t>& pids, const fs::path& proc) {
  Usage usage;
  One sum{0, 0, 0, 0, 0};
  bool any = false;
  for (const pid_t pid : pids) {
    const fs::path process = proc / std::to_string(pid);
    const auto one = read_one(process);
    if (!one) {
      continue;
    }
    any = true;
    add(sum.cpu_us, one->cpu_us);
    add(sum.tasks, one->tasks);
    if (one->memory_bytes || !has_ended(process)) {
      add(sum.memory_bytes, one->memory_bytes);
    }
    if (one->read_bytes || !has_ended(process)) {
      add(sum.read_bytes, one->read_bytes);
      add(sum.written_bytes, one->written_bytes);
    }
  }
  if (!any) {
    return usage;
  }
  usage.cpu_us = sum.cpu_us;
  usage.tasks = sum.tasks;
  usage.memory_bytes = sum.memory_bytes;
  usage.read_bytes = sum.read_bytes;
  usage.written_bytes = sum.written_bytes;
  usage.sources.emplace_back("/proc");
  return usage;
}

std::vector<pid_t> processes_of_namespace(std::uint64_t inode) {
  std::vector<pid_t> pids;
  if (inode == 0 || inode == namespace_of("/proc/self")) {
    return pids;
  }
  const auto names = list_dir("/proc");
  for (const std::string& name : names ? *names : std::vector<std::string>{}) {
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc{} && end == name.data() + name.size() &&
        namespace_of("/proc/" + name) == inode) {
      pids.push_back(pid);
    }
  }
  std::sort(pids.begin(), pids.end());
  return pids;
}

}  // namespace paddock::os
