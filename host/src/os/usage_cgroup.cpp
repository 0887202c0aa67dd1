#include <charconv>
#include <sstream>
#include <string_view>

#include "os/file.hpp"
#include "os/usage.hpp"

namespace paddock::os {
namespace {

using Value = std::optional<std::uint64_t>;

constexpr std::uint64_t kNoLimitV1 = std::uint64_t{1} << 62;  // "unlimited" is a little below 2^63

Value number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? Value(value) : std::nullopt;
}

std::string text_of(const std::string& path) {
  return read_kernel_file(path).value_or(std::string{});
}

/// The words of a small file.
std::vector<std::string> words_of(const std::string& path) {
  std::istringstream stream(text_of(path));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

Value first_number(const std::string& path) {
  const auto words = words_of(path);
  return words.empty() ? std::nullopt : number(words.front());
}

/// "max", and in version 1 a very large number or -1, is no limit.
Value limit_of(const std::string& word) {
  if (word == "max" || word == "-1") {
    return kNoLimit;
  }
  const Value value = number(word);
  return value && *value >= kNoLimitV1 ? kNoLimit : value;
}

Value limit(const std::string& path) {
  const auto words = words_of(path);
  return words.empty() ? std::nullopt : limit_of(words.front());
}

/// The number after `key` in lines of "key number".
Value keyed(const std::string& path, std::string_view key) {
  std::istringstream stream(text_of(path));
  std::string word, value;
  while (stream >> word >> value) {
    if (word == key) {
      return number(value);
    }
  }
  return std::nullopt;
}

Value quota(const Value& quota_us, const Value& period_us) {
  if (!quota_us || *quota_us == kNoLimit) {
    return quota_us;
  }
  return period_us && *period_us != 0 ? Value(*quota_us * 1000 / *period_us) : std::nullopt;
}

Value without(const Value& all, const Value& part) {
  return all && part && *all >= *part ? Value(*all - *part) : all;
}

/// io.stat has a line for each device: "8:0 rbytes=1 wbytes=2 ...".
void add_io(const std::string& path, Usage& usage) {
  const auto text = read_kernel_file(path);
  if (!text) {
    return;
  }
  usage.read_bytes = usage.written_bytes = 0;
  std::istringstream stream(*text);
  for (std::string word; stream >> word;) {
    const auto equals = word.find('=');
    const Value value =
        equals == std::string::npos ? std::nullopt : number(word.substr(equals + 1));
    const std::string_view key = std::string_view(word).substr(0, equals);
    if (value && key == "rbytes") {
      *usage.read_bytes += *value;
    } else if (value && key == "wbytes") {
      *usage.written_bytes += *value;
    }
  }
}

void add_v2(const std::string& group, Usage& usage) {
  usage.cpu_us = keyed(group + "/cpu.stat", "usage_usec");
  const auto cpu = words_of(group + "/cpu.max");
  usage.cpu_max_milli = cpu.size() == 2 ? quota(limit_of(cpu[0]), number(cpu[1])) : std::nullopt;
  usage.memory_bytes = without(first_number(group + "/memory.current"),
                               keyed(group + "/memory.stat", "inactive_file"));
  usage.memory_max_bytes = limit(group + "/memory.max");
  usage.tasks = first_number(group + "/pids.current");
  usage.tasks_max = limit(group + "/pids.max");
  add_io(group + "/io.stat", usage);
}

/// cpuacct counts in nanoseconds, and lies beside cpu where both are mounted together.
void add_v1(const std::string& controller, const std::string& group, Usage& usage) {
  if (controller == "memory") {
    usage.memory_bytes = without(first_number(group + "/memory.usage_in_bytes"),
                                 keyed(group + "/memory.stat", "total_inactive_file"));
    usage.memory_max_bytes = limit(group + "/memory.limit_in_bytes");
  } else if (controller == "cpu") {
    const Value time = first_number(group + "/cpuacct.usage");
    usage.cpu_us = time ? Value(*time / 1000) : std::nullopt;
    usage.cpu_max_milli =
        quota(limit(group + "/cpu.cfs_quota_us"), first_number(group + "/cpu.cfs_period_us"));
  } else if (controller == "pids") {
    usage.tasks = first_number(group + "/pids.current");
    usage.tasks_max = limit(group + "/pids.max");
  }
}

bool says_anything(const Usage& usage) {
  return usage.cpu_us || usage.cpu_max_milli || usage.memory_bytes || usage.memory_max_bytes ||
         usage.tasks || usage.tasks_max || usage.read_bytes;
}

bool take(std::optional<std::uint64_t>& known, const std::optional<std::uint64_t>& other) {
  const bool taken = !known && other;
  known = known ? known : other;
  return taken;
}

}  // namespace

Usage cgroup_usage(const std::map<std::string, std::string>& directories) {
  Usage usage;
  const auto unified = directories.find("");
  for (const auto& [controller, group] : directories) {
    unified == directories.end() ? add_v1(controller, group, usage)
                                 : add_v2(unified->second, usage);
  }
  if (says_anything(usage)) {
    usage.sources.emplace_back(unified == directories.end() ? "cgroup v1" : "cgroup v2");
  }
  return usage;
}

Usage completed(Usage known, const Usage& other) {
  bool taken = false;
  for (const auto value :
       {&Usage::cpu_us, &Usage::cpu_max_milli, &Usage::memory_bytes, &Usage::memory_max_bytes,
        &Usage::tasks, &Usage::tasks_max, &Usage::read_bytes, &Usage::written_bytes}) {
    taken = take(known.*value, other.*value) || taken;
  }
  if (taken) {
    known.sources.insert(known.sources.end(), other.sources.begin(), other.sources.end());
  }
  return known;
}

}  // namespace paddock::os
