// Podman's own filter lets anybody make user namespaces; Docker's forbids it, in these words.
#include <linux/sched.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include <nlohmann/json.hpp>

#include "spec.hpp"
#include "support/small_file.hpp"

namespace paddock::podman {
namespace {

using Json = nlohmann::json;

constexpr std::array kFilters = {"/etc/containers/seccomp.json",
                                 "/usr/share/containers/seccomp.json"};
constexpr std::array kNamespaceCalls = {"clone", "clone3", "unshare"};
constexpr std::uint64_t kNamespaceFlags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                          CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                                          CLONE_NEWNET;

Json rule(const char* call, const char* action) {
  return {{"names", {call}}, {"action", action}, {"args", Json::array()}};
}

void forget_namespace_calls(Json& filter) {
  for (Json& entry : filter.at("syscalls")) {
    Json kept = Json::array();
    for (const Json& name : entry.at("names")) {
      if (std::find(kNamespaceCalls.begin(), kNamespaceCalls.end(), name) ==
          kNamespaceCalls.end()) {
        kept.push_back(name);
      }
    }
    entry["names"] = kept;
  }
}

/// clone(2) without such a flag. clone3(2) hides its flags in memory, where no filter looks: "not
/// there" has the C library fall back to clone(2).
void add_harmless_calls(Json& filter) {
  Json clone = rule("clone", "SCMP_ACT_ALLOW");
  clone["args"].push_back(
      {{"index", 0}, {"value", kNamespaceFlags}, {"valueTwo", 0}, {"op", "SCMP_CMP_MASKED_EQ"}});
  Json clone3 = rule("clone3", "SCMP_ACT_ERRNO");
  clone3["errnoRet"] = ENOSYS;
  filter["syscalls"].push_back(clone);
  filter["syscalls"].push_back(clone3);
}

}  // namespace

Result<void> write_filter(const std::string& path) {
  std::optional<std::string> text;
  for (const char* file : kFilters) {
    text = text ? text : support::read_small_file(file);
  }
  Json filter = Json::parse(text.value_or(""), nullptr, false);
  if (!filter.is_object() || !filter.contains("syscalls")) {
    return fail(ErrorCode::kBackendMissing,
                std::string("Podman's seccomp filter is not at '") + kFilters.back() + "'",
                "install the package golang-github-containers-common, or containers-common");
  }
  forget_namespace_calls(filter);
  add_harmless_calls(filter);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << filter.dump();
  return file.flush() ? Result<void>{}
                      : Result<void>(fail(ErrorCode::kSystem, "cannot write '" + path + "'"));
}

}  // namespace paddock::podman
