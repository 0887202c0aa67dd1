// Limits, clamped to what this machine has: a limit above that limits nothing, and says so.
#include <cmath>

#include "base/units.hpp"
#include "plan/base_plan.hpp"
#include "plan/disk.hpp"
#include "plan/leaf_value.hpp"

namespace paddock::plan {
namespace {

std::string cpus_text(std::uint64_t milli) {
  std::string text = std::to_string(milli / 1000);
  if (milli % 1000 != 0) {
    std::string digits = std::to_string(milli % 1000 + 1000).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text;
}

using Format = std::string (*)(std::uint64_t);

std::string count_text(std::uint64_t value) {
  return std::to_string(value);
}

/// `value`, or what the host has (0: unknown) with a notice.
std::uint64_t clamp(Builder& builder,
                    std::string_view key,
                    const Node* node,
                    std::uint64_t value,
                    std::uint64_t host,
                    Format format) {
  if (host == 0 || value <= host) {
    return value;
  }
  builder.notice(node, "resources." + std::string(key) + " " + format(value) +
                           " is more than this machine has: " + format(host) + ", using " +
                           format(host));
  return host;
}

std::optional<std::uint32_t> read_cpus(Builder& builder, const Node* node) {
  const auto* integer = std::get_if<std::int64_t>(&node->value);
  const auto* decimal = std::get_if<double>(&node->value);
  const double cpus = integer != nullptr   ? static_cast<double>(*integer)
                      : decimal != nullptr ? *decimal
                                           : 0.0;
  if (!(cpus >= kLeastCpusMilli / 1000.0 && cpus <= 1e6)) {
    builder.problem(node, ErrorCode::kBadValue, "'resources.cpus' must be a number from 0.01 on",
                    "the kernel gives out CPU time in slices of 1 ms in every 100 ms");
    return std::nullopt;
  }
  const auto milli = static_cast<std::uint64_t>(std::llround(cpus * 1000));
  return static_cast<std::uint32_t>(
      clamp(builder, "cpus", node, milli, builder.facts.host_cpus_milli, cpus_text));
}

std::optional<std::uint64_t> read_bytes(Builder& builder, std::string_view key) {
  const std::string name = "resources." + std::string(key);
  const Node* node = builder.find(name);
  const auto bytes = builder.size(node, name);
  if (!bytes) {
    return std::nullopt;
  }
  if (*bytes == 0) {
    builder.problem(node, ErrorCode::kBadValue, "'" + name + "' must be more than nothing");
  }
  builder.came_from("/resources/" + std::string(key) + "_bytes", node);
  return clamp(builder, key, node, *bytes, builder.facts.host_memory_bytes, format_size);
}

void read_files(Builder& builder) {
  const Node* node = builder.find("resources.files");
  const auto files = builder.unsigned_integer(node, "resources.files");
  if (!files) {
    return;
  }
  builder.came_from("/security/rlimits/nofile", node);
  builder.plan().security.rlimits["nofile"] =
      clamp(builder, "files", node, *files, builder.facts.host_files, count_text);
}

void read_pids(Builder& builder) {
  const Node* node = builder.find("resources.pids");
  const auto pids = builder.unsigned_integer(node, "resources.pids");
  if (!pids) {
    return;
  }
  if (*pids == 0 || *pids > 4'194'304) {  // PID_MAX_LIMIT, proc(5)
    builder.problem(node, ErrorCode::kBadValue, "'resources.pids' must be from 1 to 4194304");
    return;
  }
  builder.plan().resources.pids = static_cast<std::uint32_t>(*pids);
  builder.came_from("/resources/pids", node);
}

}  // namespace

void build_resources(Builder& builder) {
  contract::Resources& resources = builder.plan().resources;
  resources.memory_bytes = read_bytes(builder, "memory");
  resources.disk_bytes = read_bytes(builder, "disk");  // tmpfs lives in memory
  if (const Node* node = builder.find("resources.cpus")) {
    resources.cpus_milli = read_cpus(builder, node);
    builder.came_from("/resources/cpus_milli", node);
  }
  read_pids(builder);
  read_files(builder);
  const Node* best_effort = builder.find("resources.best_effort");
  resources.best_effort = builder.texts(best_effort, "resources.best_effort");
  builder.came_from("/resources/best_effort", best_effort);
  if (auto shared = share_disk(builder.plan()); !shared) {
    builder.problem(builder.find("resources.disk"), shared.error().code, shared.error().what,
                    shared.error().hints.front());
  }
}

}  // namespace paddock::plan
