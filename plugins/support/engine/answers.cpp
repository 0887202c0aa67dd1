#include "support/engine/answers.hpp"

#include <unistd.h>

#include <algorithm>

#include "support/answers.hpp"
#include "support/engine/guest/guest.hpp"
#include "support/engine/limits.hpp"
#include "support/engine/network.hpp"
#include "support/engine/shown_files.hpp"

namespace paddock::engine {
namespace {

using contract::Plan;
using sdk::Answers;

void answer_user(Answers& answers, const std::optional<Obstacle>& rootless) {
  for (const char* leaf : {"/process/user/uid", "/process/user/gid"}) {
    if (::geteuid() == 0) {
      answers.enforce(leaf, "User");
    } else if (!rootless) {
      answers.enforce(leaf, "User, UsernsMode keep-id");
    } else {
      answers.refuse(leaf, rootless->reason);
    }
  }
}

void answer_process(Answers& answers, const Plan& plan, const std::optional<Obstacle>& rootless) {
  support::delegate_process(answers);
  answers.enforce("/process/hostname", "Hostname");
  answer_user(answers, rootless);
  support::refuse_root_user(answers, plan, "the host's root");
}

void answer_root(Answers& answers, const Plan& plan) {
  if (plan.rootfs.type == contract::RootfsType::kHost) {
    answers.enforce("/rootfs/type", "Mounts, read-only, of the host's /usr");
    answers.enforce("/rootfs/image", "no image");
  } else {
    answers.enforce("/rootfs/type", "Image");
    answers.enforce("/rootfs/image", "looked up by the host before create");
    answers.enforce("/rootfs/digest", "compared by the host before create");
    answers.enforce("/rootfs/platform", "compared by the host before create");
    answers.enforce("/rootfs/image_id", "Image, an id");
  }
  if (plan.rootfs.read_only) {
    answers.enforce("/rootfs/read_only", "ReadonlyRootfs");
  } else {
    answers.refuse("/rootfs/read_only", "the root of the host's programs is always read-only");
  }
}

void answer_isolation(Answers& answers, const Plan& plan, const Result<Runtime>& runtime) {
  if (!runtime) {
    const Error& error = runtime.error();
    answers.refuse("/isolation", error.what + (error.hints.empty() ? "" : "; " + error.hints[0]));
  } else if (is_guest(*runtime)) {
    answers.enforce("/isolation", "Runtime " + runtime->name);
    answer_in_guest(answers, plan);
  } else {
    answers.enforce("/isolation", "namespaces");
  }
}

void answer_network(Answers& answers, const Plan& plan) {
  answers.enforce("/network/mode",
                  has_network(plan) ? "NetworkMode, a network of its own" : "NetworkMode none");
  if (plan.network.mode == contract::NetworkMode::kBridge) {
    answers.refuse("/network/mode", "this version joins no network of others; use mode 'isolated'");
  }
  answers.enforce("/network/egress",
                  has_network(plan) ? "a network of its own" : "NetworkMode none");
  if (plan.network.egress == contract::Egress::kUnrestricted) {
    answers.enforce("/network/publish/*", "PortBindings");
  } else {
    answers.refuse("/network/publish/*", "nothing gets into a network with egress 'none'");
  }
}

void answer_mounts(Answers& answers, const Plan& plan) {
  for (const auto& [target, mount] : plan.mounts) {
    const std::string path = "/mounts/" + contract::escape_pointer(target);
    const std::string noexec = mount.executable ? "" : ", noexec by mount_setattr";
    if (mount.type == contract::MountType::kTmpfs) {
      answers.enforce(path, "Tmpfs");
    } else if (mount.type == contract::MountType::kVolume) {
      answers.enforce(path, (mount.read_only ? "a volume, ReadOnly" : "a volume") + noexec);
    } else if (const std::string inner = support::inner_mount(mount); !inner.empty()) {
      answers.refuse(path, inner);
    } else {
      answers.enforce(path, (mount.read_only ? "Mounts, ReadOnly" : "Mounts") + noexec);
    }
  }
}

void answer_resources(Answers& answers, const Plan& plan) {
  support::answer_limits(answers, plan_limits(plan.resources));
  support::answer_disk(answers, plan);
  answers.enforce("/resources/best_effort", "told to the host");
}

void answer_security(Answers& answers, const Plan& plan) {
  if (plan.security.no_new_privs) {
    answers.enforce("/security/no_new_privs", "SecurityOpt no-new-privileges");
  } else {
    answers.refuse("/security/no_new_privs", "this backend always sets no_new_privs");
  }
  if (plan.security.capabilities.empty()) {
    answers.enforce("/security/capabilities", "CapDrop ALL");
  } else {
    answers.refuse("/security/capabilities", ::geteuid() == 0
                                                 ? "it would be one in the host's user namespace"
                                                 : "it would be a way to your subordinate ids");
  }
  answers.enforce("/security/masked_paths", "MaskedPaths");
  answers.enforce("/security/read_only_paths", "ReadonlyPaths");
  answers.enforce("/security/hidden_paths", "absent, or MaskedPaths");
  answers.delegate("/security/rlimits/*", "gate");
}

bool lists(const std::vector<std::string>& paths, const std::string& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

std::vector<contract::Answer> answer(const Plan& plan,
                                     const std::optional<Obstacle>& rootless,
                                     const Result<Runtime>& runtime) {
  Answers answers(plan);
  answer_process(answers, plan, rootless);
  answer_root(answers, plan);
  answer_network(answers, plan);
  answer_mounts(answers, plan);
  answer_resources(answers, plan);
  answer_security(answers, plan);
  answer_isolation(answers, plan, runtime);
  return answers.take();
}

std::vector<contract::EngineMount> engine_mounts(const Plan& plan,
                                                 const support::HostRoot& root,
                                                 const Runtime& runtime) {
  if (is_guest(runtime)) {
    return guest_mounts(plan, root);
  }
  std::vector<contract::EngineMount> mounts = {{"/", "", "overlay", true},
                                               {"/proc", "", "proc", false},
                                               {"/dev", "", "tmpfs", true},
                                               {"/dev/pts", "", "devpts", false}};
  for (const auto& [source, target] : root.binds) {
    mounts.push_back({target, source, "", true});
  }
  for (const support::MadeFile& file : files_to_show(plan)) {
    mounts.push_back({file.target, "", "tmpfs", true});
  }
  for (const std::string& path : root.read_only) {
    if (!lists(plan.security.read_only_paths, path)) {
      mounts.push_back({path, "", "proc", true});
    }
  }
  for (const auto* paths : {&root.covered_files, &root.covered_directories}) {
    for (const std::string& path : *paths) {
      if (!lists(plan.security.masked_paths, path)) {
        mounts.push_back({path, "", "tmpfs", true});
      }
    }
  }
  return mounts;
}

}  // namespace paddock::engine
