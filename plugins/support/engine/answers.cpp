#include "support/engine/answers.hpp"

#include <algorithm>

#include "support/answers.hpp"

namespace paddock::engine {
namespace {

using contract::Plan;
using sdk::Answers;

void answer_process(Answers& answers, const Plan& plan) {
  support::delegate_process(answers);
  answers.enforce("/process/hostname", "Hostname");
  answers.enforce("/process/user/uid", "User");
  answers.enforce("/process/user/gid", "User");
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
  if (plan.isolation == contract::Isolation::kSharedKernel) {
    answers.enforce("/isolation", "namespaces");
  } else {
    answers.refuse("/isolation", "a container of runc shares the host's kernel");
  }
  if (plan.network.mode == contract::NetworkMode::kNone) {
    answers.enforce("/network/mode", "NetworkMode none");
  } else {
    answers.refuse("/network/mode", "this version has no network but loopback; use mode 'none'");
  }
}

void answer_mounts(Answers& answers, const Plan& plan) {
  for (const auto& [target, mount] : plan.mounts) {
    const std::string path = "/mounts/" + contract::escape_pointer(target);
    const std::string noexec = mount.executable ? "" : ", noexec by mount_setattr";
    if (mount.type == contract::MountType::kTmpfs) {
      answers.enforce(path, "Tmpfs");
    } else if (const std::string inner = support::inner_mount(mount); !inner.empty()) {
      answers.refuse(path, inner);
    } else {
      answers.enforce(path, (mount.read_only ? "Mounts, ReadOnly" : "Mounts") + noexec);
    }
  }
}

void answer_resources(Answers& answers, const Plan& plan) {
  answers.enforce("/resources/memory_bytes", "Memory, MemorySwap");
  answers.enforce("/resources/cpus_milli", "NanoCpus");
  answers.enforce("/resources/pids", "PidsLimit");
  support::answer_disk(answers, plan);
  answers.enforce("/resources/best_effort", "told to the host");
}

void answer_security(Answers& answers, const Plan& plan) {
  if (plan.security.no_new_privs) {
    answers.enforce("/security/no_new_privs", "SecurityOpt no-new-privileges");
  } else {
    answers.refuse("/security/no_new_privs", "this backend always sets no_new_privs");
  }
  answers.enforce("/security/capabilities",
                  plan.security.capabilities.empty() ? "CapDrop ALL" : "CapDrop ALL, CapAdd");
  answers.enforce("/security/masked_paths", "MaskedPaths");
  answers.enforce("/security/read_only_paths", "ReadonlyPaths");
  answers.enforce("/security/hidden_paths", "absent, or MaskedPaths");
  answers.delegate("/security/rlimits/*", "gate");
}

bool lists(const std::vector<std::string>& paths, const std::string& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

std::vector<contract::Answer> answer(const Plan& plan) {
  Answers answers(plan);
  answer_process(answers, plan);
  answer_root(answers, plan);
  answer_mounts(answers, plan);
  answer_resources(answers, plan);
  answer_security(answers, plan);
  return answers.take();
}

std::vector<contract::EngineMount> engine_mounts(const Plan& plan, const support::HostRoot& root) {
  std::vector<contract::EngineMount> mounts = {{"/", "", "overlay", true},
                                               {"/proc", "", "proc", false},
                                               {"/dev", "", "tmpfs", true},
                                               {"/dev/pts", "", "devpts", false}};
  for (const auto& [source, target] : root.binds) {
    mounts.push_back({target, source, "", true});
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
