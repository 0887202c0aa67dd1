#include "truth.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "surroundings.hpp"

namespace paddock::testing {
namespace {

namespace fs = std::filesystem;
using contract::Plan;

using Truth = std::optional<bool> (*)(pid_t pid, const Plan& plan);

std::string proc(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string status(pid_t pid, const char* key) {
  return status_of(pid, {key})[key];
}

std::optional<bool> no_new_privs(pid_t pid, const Plan&) {
  return status(pid, "NoNewPrivs") == "1";
}

/// In none of the sets, as the sample plan keeps none.
std::optional<bool> capabilities(pid_t pid, const Plan&) {
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    if (status(pid, set).find_first_not_of('0') != std::string::npos) {
      return false;
    }
  }
  return true;
}

/// False for another user; of the same one the groups would have to be judged too.
std::optional<bool> user(pid_t pid, const Plan& plan) {
  const std::string uid = status(pid, "Uid");
  return std::strtoul(uid.c_str(), nullptr, 10) == plan.process.user.uid ? std::optional<bool>()
                                                                         : false;
}

/// It shares all of ours.
std::optional<bool> never(pid_t, const Plan&) {
  return false;
}

std::optional<bool> umask_is(pid_t pid, const Plan& plan) {
  return std::strtoul(status(pid, "Umask").c_str(), nullptr, 8) ==
         std::strtoul(plan.process.umask.c_str(), nullptr, 8);
}

std::optional<bool> descriptors(pid_t pid, const Plan&) {
  std::error_code unreadable;
  const fs::directory_iterator open(proc(pid, "fd"), unreadable);
  return unreadable ? std::optional<bool>() : std::distance(open, fs::directory_iterator()) <= 3;
}

/// The sample plan has one limit, of open files.
std::optional<bool> limits(pid_t pid, const Plan& plan) {
  std::ifstream file(proc(pid, "limits"));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Max open files")) {
      const std::string numbers = line.substr(26);
      char* rest = nullptr;
      std::strtoull(numbers.c_str(), &rest, 10);
      return std::strtoull(rest, nullptr, 10) <= plan.security.rlimits.at("nofile");
    }
  }
  return std::nullopt;
}

/// Any interface but loopback is too much; without one there may be other ways.
std::optional<bool> no_network(pid_t pid, const Plan&) {
  std::ifstream file(proc(pid, "net/dev"));
  std::string line;
  std::getline(file, line);
  std::getline(file, line);  // two lines of headings
  while (std::getline(file, line)) {
    if (line.find("lo:") == std::string::npos) {
      return false;
    }
  }
  return std::nullopt;
}

struct Row {
  std::string_view protection;
  Truth truth;
};

constexpr Row kRows[] = {
    {"no-new-privs", no_new_privs},
    {"capabilities", capabilities},
    {"user", user},
    {"namespaces", never},
    {"mounts.declared-only", never},
    {"process.session", never},
    {"process.umask", umask_is},
    {"process.limits", limits},
    {"descriptors.closed", descriptors},
    {"network.none", no_network},
};

}  // namespace

std::optional<bool> holds_of(std::string_view protection, pid_t pid, const Plan& plan) {
  for (const Row& row : kRows) {
    if (row.protection == protection) {
      return row.truth(pid, plan);
    }
  }
  return std::nullopt;
}

}  // namespace paddock::testing
