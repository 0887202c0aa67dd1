#include "answers.hpp"

#include <unistd.h>

#include <algorithm>

#include "support/answers.hpp"

namespace paddock::bubblewrap {
namespace {

using contract::Plan;
using sdk::Answers;

std::string pointer(std::string_view stem, const std::string& key) {
  return std::string(stem) + contract::escape_pointer(key);
}

void answer_process(Answers& answers, const Plan& plan) {
  support::delegate_process(answers);
  answers.enforce("/process/hostname", std::string(kNamespaces) + " --hostname");
  answers.enforce("/process/user/uid", "bwrap --uid");
  answers.enforce("/process/user/gid", "bwrap --gid");
  support::refuse_root_user(answers, plan, "root inside");
}

void answer_root(Answers& answers, const Plan& plan) {
  answers.enforce("/rootfs/image", "no image");
  if (plan.rootfs.type == contract::RootfsType::kHost) {
    answers.enforce("/rootfs/type", "read-only binds of the host's /usr");
  } else {
    answers.refuse("/rootfs/type", "bubblewrap runs the host's own programs, not images");
  }
  if (plan.rootfs.read_only) {
    answers.enforce("/rootfs/read_only", "bwrap --remount-ro /");
  } else {
    answers.refuse("/rootfs/read_only", "the root of a bubblewrap sandbox is always read-only");
  }
  if (plan.isolation == contract::Isolation::kSharedKernel) {
    answers.enforce("/isolation", "namespaces");
  } else {
    answers.refuse("/isolation", "bubblewrap shares the host's kernel");
  }
}

/// A network that nothing may leave is loopback alone: there is nobody else on it.
void answer_network(Answers& answers, const Plan& plan) {
  constexpr const char* kMechanism = "bwrap --unshare-net";
  answers.enforce("/network/mode", kMechanism);
  answers.enforce("/network/egress", kMechanism);
  answers.refuse("/network/publish/*", "nothing gets into a network with egress 'none'");
  if (plan.network.mode == contract::NetworkMode::kBridge) {
    answers.refuse("/network/mode", "bubblewrap has no network but loopback; use mode 'none'");
  }
  if (plan.network.egress == contract::Egress::kUnrestricted) {
    answers.refuse("/network/egress", "bubblewrap has no network but loopback; use egress 'none'");
  }
}

void answer_mounts(Answers& answers, const Plan& plan) {
  for (const auto& [target, mount] : plan.mounts) {
    const std::string path = pointer("/mounts/", target);
    const std::string noexec = mount.executable ? "" : ", noexec by mount_setattr";
    if (mount.type == contract::MountType::kTmpfs) {
      answers.enforce(path,
                      (mount.size_bytes != 0 ? "bwrap --size --tmpfs" : "bwrap --tmpfs") + noexec);
    } else if (mount.type == contract::MountType::kVolume) {
      answers.enforce(path, (mount.read_only ? "bwrap --ro-bind-fd of a volume"
                                             : "bwrap --bind-fd of a volume") +
                                noexec);
    } else if (const std::string inner = support::inner_mount(mount); !inner.empty()) {
      answers.refuse(path, inner);
    } else {
      answers.enforce(path, (mount.read_only ? "bwrap --ro-bind-fd" : "bwrap --bind-fd") + noexec);
    }
  }
}

void answer_resources(Answers& answers, const Plan& plan, const LimitPlan& limits) {
  support::answer_limits(answers, limits);
  support::answer_disk(answers, plan);
  answers.enforce("/resources/best_effort", "told to the host");
}

void answer_security(Answers& answers, const Plan& plan) {
  if (plan.security.no_new_privs) {
    answers.enforce("/security/no_new_privs", "bwrap (always)");
  } else {
    answers.refuse("/security/no_new_privs", "bubblewrap always sets no_new_privs");
  }
  answers.enforce("/security/capabilities", "bwrap --cap-drop ALL");
  if (!plan.security.capabilities.empty()) {
    answers.enforce("/security/capabilities", "bwrap --cap-drop ALL --cap-add");
  }
  answers.enforce("/security/masked_paths", "empty read-only mounts");
  answers.enforce("/security/read_only_paths", "read-only mounts");
  answers.enforce("/security/hidden_paths", "absent, or under empty read-only mounts");
  answers.delegate("/security/rlimits/*", "gate");
  if (plan.security.rlimits.count("nproc") != 0 && ::geteuid() == 0) {
    answers.refuse("/security/rlimits/nproc",
                   "the kernel exempts its root from RLIMIT_NPROC; set resources.pids instead");
  }
}

}  // namespace

std::vector<contract::Answer> answer(const Plan& plan, const LimitPlan& limits) {
  Answers answers(plan);
  answer_process(answers, plan);
  answer_root(answers, plan);
  answer_network(answers, plan);
  answer_mounts(answers, plan);
  answer_resources(answers, plan, limits);
  answer_security(answers, plan);
  return answers.take();
}

}  // namespace paddock::bubblewrap
