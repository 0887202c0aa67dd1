#include "cli/inspect_view.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/receipt_view.hpp"
#include "cli/sections.hpp"
#include "cli/state_view.hpp"
#include "os/file.hpp"
#include "paddock/contract/enum_names.hpp"

namespace paddock::cli {
namespace {

using Row = std::vector<Cell>;

/// A limit of the plan: its key there, for people, for programs.
struct LimitLine {
  const char* key;
  std::string text;
  std::optional<std::int64_t> number;
};

std::vector<LimitLine> limit_lines(const contract::Resources& resources) {
  std::vector<LimitLine> lines;
  const auto add = [&](const char* key, const auto& value, const auto& text) {
    if (value) {
      lines.push_back({key, text(*value), static_cast<std::int64_t>(*value)});
    }
  };
  const auto decimal = [](std::uint64_t value) { return std::to_string(value); };
  add("memory_bytes", resources.memory_bytes, format_size);
  add("cpus_milli", resources.cpus_milli, decimal);
  add("pids", resources.pids, decimal);
  add("disk_bytes", resources.disk_bytes, format_size);
  return lines;
}

/// Its command line as it says itself, cut; the kernel's threads and zombies have none.
std::string command_of(pid_t pid) {
  constexpr std::size_t kLongest = 200;
  std::string text = os::read_kernel_file("/proc/" + std::to_string(pid) + "/cmdline").value_or("");
  while (!text.empty() && text.back() == '\0') {
    text.pop_back();
  }
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text.size() > kLongest ? text.substr(0, kLongest) + "..." : text;
}

TableView facts(const run::Inspected& inspected) {
  const run::State& state = inspected.state;
  TableView table;
  const auto add = [&](const char* key, Cell value) {
    table.rows.push_back({{key, Style::kDim}, std::move(value)});
  };
  add("name", {state.name});
  add("status", status_cell(state));
  add("instance", {state.instance});
  add("profile", {state.profile});
  add("backend", {state.backend.id});
  if (!state.order.worktree.empty()) {
    add("worktree", {state.order.worktree});
  }
  add("command", {join(state.command, " ")});
  add("started_at", {state.started_at});
  add("ended_at", {state.ended_at.empty() ? "-" : state.ended_at});
  add("oom_killed", {state.oom_killed ? "yes" : "no"});
  add("host_pid", {std::to_string(state.host_pid)});
  if (inspected.plan) {
    const contract::Process& process = inspected.plan->process;
    add("user", {std::to_string(process.user.uid) + ":" + std::to_string(process.user.gid)});
    add("cwd", {process.cwd});
    add("network", {std::string(contract::enum_name(inspected.plan->network.mode))});
    add("isolation", {std::string(contract::enum_name(inspected.plan->isolation))});
  }
  return table;
}

TableView processes(const run::Inspected& inspected) {
  TableView table{{"PID", "PROCESS"}, {}};
  for (const pid_t pid : inspected.pids) {
    table.rows.push_back({{std::to_string(pid)}, {command_of(pid)}});
  }
  return table;
}

Row mount_row(const std::string& target, const contract::Mount& mount) {
  return {{target},
          {mount.read_only ? "ro" : "rw"},
          {std::string(contract::enum_name(mount.type))},
          {mount.purpose},
          {mount.size_bytes == 0 ? "-" : format_size(mount.size_bytes)},
          {mount.source.empty() ? "-" : mount.source}};
}

TableView mounts(const run::Inspected& inspected) {
  TableView table{{"TARGET", "MODE", "TYPE", "FOR", "SIZE", "SOURCE"}, {}};
  if (inspected.plan) {
    for (const auto& [target, mount] : inspected.plan->mounts) {
      table.rows.push_back(mount_row(target, mount));
    }
  }
  return table;
}

TableView limits(const run::Inspected& inspected) {
  TableView table{{"LIMIT", "VALUE"}, {}};
  if (inspected.plan) {
    for (const LimitLine& line : limit_lines(inspected.plan->resources)) {
      table.rows.push_back({{line.key}, {line.text}});
    }
    for (const auto& [name, value] : inspected.plan->security.rlimits) {
      table.rows.push_back({{"rlimit " + name}, {std::to_string(value)}});
    }
  }
  return table;
}

TableView cgroups(const run::Inspected& inspected) {
  TableView table{{"CONTROLLER", "CGROUP"}, {}};
  if (inspected.state.sandbox) {
    for (const auto& [controller, directory] : inspected.state.sandbox->cgroups) {
      table.rows.push_back({{controller.empty() ? "all (v2)" : controller}, {directory}});
    }
  }
  return table;
}

Result<TableView> protections(const run::Inspected& inspected) {
  return inspected.receipt.empty() ? Result<TableView>(TableView{})
                                   : receipt_ledger(inspected.receipt);
}

Node protections_node(const TableView& ledger) {
  Node::Array list;
  for (const Row& row : ledger.rows) {
    list.emplace_back(Node::Table{{"protection", Node(row[0].text)},
                                  {"verdict", Node(row[1].text)},
                                  {"evidence", Node(row[2].text)},
                                  {"mechanism", Node(row[4].text)}});
  }
  return Node(std::move(list));
}

Node mounts_node(const contract::Plan& plan) {
  Node::Array list;
  for (const auto& [target, mount] : plan.mounts) {
    list.emplace_back(
        Node::Table{{"target", Node(target)},
                    {"type", Node(std::string(contract::enum_name(mount.type)))},
                    {"source", Node(mount.source)},
                    {"purpose", Node(mount.purpose)},
                    {"read_only", Node(mount.read_only)},
                    {"executable", Node(mount.executable)},
                    {"size_bytes", Node(static_cast<std::int64_t>(mount.size_bytes))}});
  }
  return Node(std::move(list));
}

Node limits_node(const contract::Plan& plan) {
  Node::Table table, rlimits;
  for (const LimitLine& line : limit_lines(plan.resources)) {
    table[line.key] = Node(*line.number);
  }
  for (const auto& [name, value] : plan.security.rlimits) {
    rlimits[name] = Node(static_cast<std::int64_t>(value));
  }
  table["rlimits"] = Node(std::move(rlimits));
  return Node(std::move(table));
}

Node processes_node(const std::vector<pid_t>& pids) {
  Node::Array list;
  for (const pid_t pid : pids) {
    list.emplace_back(
        Node::Table{{"pid", Node(std::int64_t{pid})}, {"command", Node(command_of(pid))}});
  }
  return Node(std::move(list));
}

void add_plan(const contract::Plan& plan, Node::Table& table) {
  table["mounts"] = mounts_node(plan);
  table["limits"] = limits_node(plan);
  table["cwd"] = Node(plan.process.cwd);
  table["uid"] = Node(std::int64_t{plan.process.user.uid});
  table["gid"] = Node(std::int64_t{plan.process.user.gid});
  table["network"] = Node(std::string(contract::enum_name(plan.network.mode)));
  table["isolation"] = Node(std::string(contract::enum_name(plan.isolation)));
}

}  // namespace

Result<std::string> inspect_text(const run::Inspected& inspected, bool plain) {
  auto ledger = protections(inspected);
  if (!ledger) {
    return fail_as(ledger);
  }
  return render_sections({{"fact", facts(inspected)},
                          {"process", processes(inspected)},
                          {"mount", mounts(inspected)},
                          {"limit", limits(inspected)},
                          {"protection", std::move(*ledger)},
                          {"cgroup", cgroups(inspected)}},
                         plain);
}

Result<Node> inspect_node(const run::Inspected& inspected) {
  const auto ledger = protections(inspected);
  if (!ledger) {
    return fail_as(ledger);
  }
  Node::Table table = state_table(inspected.state);
  table["schema"] = Node(std::string("paddock.inspect/1"));
  table["status"] = Node(status_cell(inspected.state).text);
  table["processes"] = processes_node(inspected.pids);
  table["protections"] = protections_node(*ledger);
  Node::Table groups;
  if (inspected.state.sandbox) {
    for (const auto& [controller, directory] : inspected.state.sandbox->cgroups) {
      groups[controller.empty() ? "unified" : controller] = Node(directory);
    }
  }
  table["cgroups"] = Node(std::move(groups));
  if (inspected.plan) {
    add_plan(*inspected.plan, table);
  }
  return Node(std::move(table));
}

}  // namespace paddock::cli
