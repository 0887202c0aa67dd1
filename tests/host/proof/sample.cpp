#include "host/proof/sample.hpp"

#include <unistd.h>

#include <filesystem>

#include "host/gate/gate_process.hpp"
#include "plan/required.hpp"
#include "support/pinned.hpp"
#include "support/text_file.hpp"

namespace paddock::test {
namespace {

contract::Mount bound(const std::string& source, bool read_only) {
  contract::Mount mount;
  mount.source = source;
  mount.identity = identity_at(source);
  mount.read_only = read_only;
  mount.purpose = "workspace";
  return mount;
}

contract::Mount tmpfs(std::uint64_t size) {
  contract::Mount mount;
  mount.type = contract::MountType::kTmpfs;
  mount.read_only = false;
  mount.size_bytes = size;
  mount.purpose = "scratch";
  return mount;
}

/// System directories that the host has as such, not as links into /usr.
void add_system(contract::PrepareReply& prepared) {
  for (const char* path :
       {"/usr", "/etc/alternatives", "/etc/ssl/certs", "/bin", "/sbin", "/lib", "/lib64"}) {
    if (std::filesystem::is_directory(std::filesystem::symlink_status(path))) {
      prepared.engine_mounts.push_back({path, path, "", true});
    }
  }
  prepared.engine_mounts.push_back({"/", "", "tmpfs", true});
  prepared.engine_mounts.push_back({"/dev", "", "tmpfs", true});
  prepared.engine_mounts.push_back({"/proc", "", "proc", false});
  for (const char* part : {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus"}) {
    prepared.engine_mounts.push_back({part, "", "proc", true});
  }
}

}  // namespace

Sample::Sample() {
  for (const char* name : {"work", "docs", "secret", "other"}) {
    write_text(dir / name / "file", name);
    // Root outside is not root inside: what it made must be open to the mapped user.
    std::filesystem::permissions(dir / name, std::filesystem::perms::all);
  }
  write_text(dir / "work/private/file", "private");
  contract::Plan& plan = draft.plan;
  plan.name = "sample";
  plan.process = command({"true"});
  plan.process.user = {1000, 1000};
  plan.process.umask = "0027";
  plan.process.hostname = "pen";
  plan.rootfs.read_only = true;
  plan.mounts["/work"] = bound(path("work"), false);
  plan.mounts["/docs"] = bound(path("docs"), true);
  plan.mounts["/tmp"] = tmpfs(16 << 20);
  plan.mounts["/dev/shm"] = tmpfs(1 << 20);
  plan.resources.disk_bytes = 17 << 20;
  plan.security.no_new_privs = true;
  plan.security.masked_paths = {"/proc/keys", "/proc/tty"};
  plan.security.hidden_paths = {path("secret"), path("work/private")};
  if (::geteuid() == 0) {  // who may write them gets them read-only from bwrap
    plan.security.read_only_paths = {"/proc/irq", "/proc/sysrq-trigger"};
  }
  plan.security.rlimits = {{"core", 0}, {"nofile", 256}};
  add_system(prepared);
  prepared.engine_mounts.push_back({"/work/private", "", "tmpfs", true});
  draft.required = plan::required_protections(draft);
}

proof::Subject Sample::subject(pid_t pid) const {
  return {draft, prepared, backend, sandbox, pid, gate_program()};
}

}  // namespace paddock::test
