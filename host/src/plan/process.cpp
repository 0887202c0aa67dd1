// What is run, and as whom.
#include "plan/base_plan.hpp"

namespace paddock::plan {
namespace {

constexpr std::uint32_t kUnprivilegedId = 1000;  // when the caller is root

const std::map<std::string, std::string> kEnvironment = {
    {"HOME", "/home/sandbox"},
    {"LANG", "C.UTF-8"},
    {"PATH", "/usr/local/bin:/usr/bin:/bin"},
    {"USER", "sandbox"},
};

bool is_terminal_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+._") ==
             std::string_view::npos;
}

void build_environment(Builder& builder) {
  auto& environment = builder.plan().process.environment;
  environment = kEnvironment;
  if (builder.facts.terminal) {
    environment["TERM"] = is_terminal_name(builder.facts.term) ? builder.facts.term : "dumb";
  }
  const Node* node = builder.find("process.env");
  if (node == nullptr || node->table() == nullptr) {
    return;
  }
  for (const auto& [key, value] : *node->table()) {
    if (const auto text = builder.text(&value, "process.env." + key)) {
      environment[key] = *text;
      builder.came_from("/process/environment/" + contract::escape_pointer(key), &value);
    }
  }
}

std::uint32_t build_id(Builder& builder, const std::string& kind, std::uint32_t callers) {
  const std::string key = "process." + kind;
  const Node* node = builder.find(key);
  const auto id = builder.unsigned_integer(node, key);
  if (!id) {
    return callers == 0 ? kUnprivilegedId : callers;
  }
  if (*id == 0 || *id > 0xfffffffe) {
    builder.problem(
        node, ErrorCode::kBadValue,
        "'" + key + "' is " + std::to_string(*id) + ", and a sandbox never runs as root",
        "leave it out, or name an id from 1 on");
  }
  builder.came_from("/process/user/" + kind, node);
  return static_cast<std::uint32_t>(*id);
}

void build_command(Builder& builder) {
  auto& command = builder.plan().process.command;
  const Node* node = builder.find("process.command");
  command = builder.facts.command;
  if (command.empty()) {
    command = builder.texts(node, "process.command");
    builder.came_from("/process/command", node);
  }
  if (command.empty()) {
    command = {"/bin/sh"};
  }
}

}  // namespace

void build_process(Builder& builder) {
  contract::Process& process = builder.plan().process;
  build_command(builder);
  build_environment(builder);
  process.terminal = builder.facts.terminal;
  process.user.uid = build_id(builder, "uid", builder.facts.uid);
  process.user.gid = build_id(builder, "gid", builder.facts.gid);
  if (const Node* node = builder.find("process.init")) {
    process.init = builder.boolean(node, "process.init").value_or(true);
    builder.came_from("/process/init", node);
  }
  if (const Node* node = builder.find("process.umask")) {
    process.umask = builder.text(node, "process.umask").value_or(process.umask);
    builder.came_from("/process/umask", node);
  }
  if (const Node* node = builder.find("process.hostname")) {
    process.hostname = builder.text(node, "process.hostname").value_or(process.hostname);
    builder.came_from("/process/hostname", node);
  }
}

}  // namespace paddock::plan
