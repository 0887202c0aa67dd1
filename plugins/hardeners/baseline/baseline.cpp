// Least privilege, as a hardener: everything here only tightens what the base plan leaves open.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "paddock/sdk.hpp"
#include "support/capability_names.hpp"
#include "support/nearest.hpp"

namespace paddock::baseline {
namespace {

using sdk::ErrorCode;
using sdk::Ops;
using sdk::Plan;
using sdk::Result;
using sdk::Table;
using sdk::Text;

// Options that are kernel rlimits of the same name. getrlimit(2).
constexpr std::array<const char*, 11> kRlimits = {"as",    "core",       "cpu",      "data",
                                                  "fsize", "memlock",    "msgqueue", "nofile",
                                                  "nproc", "sigpending", "stack"};

// What must hold even where no leaf of the plan asks for it.
constexpr std::array<const char*, 10> kRequired = {
    "no-new-privs",      "capabilities",     "user",
    "namespaces",        "rootfs.read-only", "mounts.declared-only",
    "host-paths.hidden", "devices.minimal",  "descriptors.closed",
    "process.session"};

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

Result<std::vector<std::string>> capabilities(const std::vector<Text>& names) {
  std::vector<std::string> kept;
  for (const Text& name : names) {
    if (!support::capability_number(name.value)) {  // misspelt, it must not pass for one
      const auto near = support::nearest(name.value, support::kCapabilityNames);
      return fail_at(ErrorCode::kBadValue, name.where, "unknown capability " + quoted(name.value),
                     near.empty() ? "names look like CAP_NET_RAW, see capabilities(7)"
                                  : "did you mean " + quoted(std::string(near)) + "?");
    }
    kept.push_back(name.value);
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

bool is_plain(const std::string& path) {
  return path.size() > 1 && path.front() == '/' && path.back() != '/' &&
         path.find("//") == std::string::npos && (path + "/").find("/../") == std::string::npos &&
         (path + "/").find("/./") == std::string::npos;
}

Result<std::vector<std::string>> paths(const std::vector<Text>& texts, bool of_kernel) {
  std::vector<std::string> list;
  for (const Text& text : texts) {
    if (!is_plain(text.value)) {
      return fail_at(ErrorCode::kBadValue, text.where,
                     quoted(text.value) + " is not an absolute path in its plain form",
                     "write it without '..', '.', doubled or trailing slashes");
    }
    if (of_kernel && !text.value.starts_with("/proc/") && !text.value.starts_with("/sys/")) {
      return fail_at(ErrorCode::kBadValue, text.where, quoted(text.value) + " is no kernel path",
                     "these are below /proc or /sys; hidden_paths takes others");
    }
    list.push_back(text.value);
  }
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

class Baseline final : public sdk::Hardener {
 public:
  Result<void> configure(const Table& config) override {
    auto keep = capabilities(config.texts("keep"));
    auto masked = paths(config.texts("masked_paths"), true);
    auto read_only = paths(config.texts("read_only_paths"), true);
    auto hidden = paths(config.texts("hidden_paths"), false);
    for (auto* list : {&keep, &masked, &read_only, &hidden}) {
      if (!*list) {
        return fail_as(*list);
      }
    }
    const Text umask = config.text("umask");
    if (umask.value.size() != 4 || umask.value[0] != '0' ||
        umask.value.find_first_not_of("01234567") != std::string::npos) {
      return fail_at(ErrorCode::kBadValue, umask.where, quoted(umask.value) + " is no umask",
                     "four octal digits, such as \"0022\" or \"0077\"");
    }
    ops_ = {sdk::set("/security/no_new_privs", true, "no program may gain privileges"),
            sdk::set("/security/capabilities", *keep, "the keep list"),
            sdk::set("/security/masked_paths", *masked, "they tell of the host or reach into it"),
            sdk::set("/security/read_only_paths", *read_only, "they change the kernel's settings"),
            sdk::set("/security/hidden_paths", *hidden, "the hidden_paths list"),
            sdk::set("/rootfs/read_only", true, "programs and settings are not the workload's"),
            sdk::set("/process/umask", umask.value, "the umask option")};
    return add_rlimits(config);
  }

  Result<std::vector<std::string>> require() override {
    return std::vector<std::string>(kRequired.begin(), kRequired.end());
  }

  Result<Ops> adjust(const Plan&) override { return ops_; }

  Result<void> review(const Plan& merged) override {
    if (merged.process.user.uid == 0 || merged.process.user.gid == 0) {
      return fail(ErrorCode::kVetoed, "the workload would run as root inside the sandbox",
                  "set process.uid and process.gid to others than 0");
    }
    return {};
  }

 private:
  Result<void> add_rlimits(const Table& config) {
    for (const char* name : kRlimits) {
      if (!config.has(name)) {
        continue;
      }
      const std::int64_t value = config.integer(name);
      if (value < 0) {
        return fail_at(ErrorCode::kBadValue, config.where(name),
                       "the limit " + quoted(name) + " is negative");
      }
      ops_.push_back(sdk::set(std::string("/security/rlimits/") + name, value,
                              std::string("the ") + name + " option"));
    }
    return {};
  }

  Ops ops_;
};

}  // namespace paddock::baseline

PADDOCK_EXPORT_HARDENER(paddock::baseline::Baseline)
