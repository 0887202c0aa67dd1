#include "host/proof/breakages.hpp"

#include <filesystem>
#include <string>

namespace paddock::test {
namespace {

using Words = std::vector<std::string>;

auto dropped(const char* name) {
  return [name](BwrapOptions& options, Sample&) { options.drop(name); };
}
auto replaced(const char* name, Words words) {
  return [name, words](BwrapOptions& options, Sample&) { options.replace(name, words); };
}
auto added(Words words) {
  return [words](BwrapOptions& options, Sample&) { options.add(words); };
}
/// A bind that the backend names, truly and read-only.
auto engine_bind(const char* source) {
  return [source](BwrapOptions& options, Sample& sample) {
    sample.prepared.engine_mounts.push_back({"/shown", source, "", true});
    options.add({"--ro-bind-try", source, "/shown"});
  };
}
void nothing(BwrapOptions&, Sample&) {}

}  // namespace

const std::vector<Breakage>& breakages() {
  static const std::vector<Breakage> kAll = {
      {"no network namespace", "network.none", dropped("net")},
      {"network namespace of the host", "namespaces", dropped("net")},
      {"no PID namespace", "namespaces", dropped("pid")},
      {"no IPC namespace", "namespaces", dropped("ipc")},
      {"no UTS namespace", "namespaces", dropped("hostname")},
      {"no cgroup namespace", "namespaces", dropped("cgroup")},
      {"user namespaces that can be made", "namespaces", dropped("nested")},
      {"another host name", "namespaces",
       replaced("hostname", {"--unshare-uts", "--hostname", "x"})},
      {"no user namespace", "namespaces",
       [](BwrapOptions& options, Sample&) {
         for (const char* name : {"user", "nested", "uid", "gid"}) {
           options.drop(name);
         }
       },
       nullptr, true},
      {"root inside", "user", replaced("uid", {"--uid", "0"})},
      {"another user", "user", replaced("uid", {"--uid", "1001"})},
      {"another group", "user", replaced("gid", {"--gid", "0"})},
      {"a kept capability", "capabilities",
       replaced("capabilities", {"--cap-drop", "ALL", "--cap-add", "CAP_NET_RAW"})},
      {"all capabilities kept", "capabilities", dropped("capabilities"), nullptr, true},
      {"a writable root", "rootfs.read-only", added({"--open-root"})},
      {"a writable system directory", "rootfs.read-only",
       added({"--size", "4096", "--tmpfs", "/etc"})},
      {"a writable bind of the system", "mounts.declared-only",
       replaced("/usr", {"--bind", "/usr", "/usr"})},
      {"a read-only bind that nobody declared", "mounts.declared-only",
       added({"--ro-bind", "/var", "/var"})},
      {"sysfs", "mounts.declared-only", added({"--ro-bind", "/sys", "/sys"})},
      {"the host's proc", "mounts.declared-only",
       replaced("proc", {"--ro-bind", "/proc", "/proc"})},
      {"a tmpfs that nobody declared", "mounts.declared-only",
       added({"--size", "4096", "--tmpfs", "/srv"})},
      {"a missing tmpfs", "mounts.declared-only", dropped("tmp")},
      {"a missing workspace", "mounts.declared-only", dropped("work")},
      {"another directory as the workspace", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("work", {"--bind", sample.path("other"), "/work"});
       }},
      {"a workspace that was swapped before it was mounted", "mounts.declared-only",
       [](BwrapOptions&, Sample& sample) {
         std::filesystem::rename(sample.path("work"), sample.path("moved"));
         std::filesystem::rename(sample.path("other"), sample.path("work"));
       }},
      {"a workspace that the plan does not pin", "mounts.declared-only",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.mounts["/work"].identity.reset(); }},
      {"a tmpfs as the workspace", "mounts.declared-only", replaced("work", {"--tmpfs", "/work"})},
      {"the host's directory in place of a tmpfs", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("tmp", {"--bind", sample.path("other"), "/tmp"});
       }},
      {"device nodes that open on a mount", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("docs", {"--dev-bind", sample.path("docs"), "/docs"});
       }},
      {"programs that run from a noexec mount", "mounts.declared-only",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.mounts["/tmp"].executable = false; }},
      {"a writable read-only mount", "mounts.read-only",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("docs", {"--bind", sample.path("docs"), "/docs"});
       }},
      {"a read-only workspace", "mounts.writable",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("work", {"--ro-bind", sample.path("work"), "/work"});
       }},
      {"a tmpfs without a limit", "disk.limited", replaced("tmp", {"--tmpfs", "/tmp"})},
      {"a tmpfs with a higher limit", "disk.limited",
       replaced("tmp", {"--size", "33554432", "--tmpfs", "/tmp"})},
      {"writable space beside the declared", "disk.limited", dropped("dev-ro")},
      {"a kernel file that shows", "kernel-paths.masked", dropped("mask-file")},
      {"a kernel directory that shows", "kernel-paths.masked", dropped("mask-directory")},
      {"a kernel path that can be written", "kernel-paths.read-only",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.security.read_only_paths.push_back("/proc/fs");
         sample.draft.required.push_back("kernel-paths.read-only");
       }},
      {"a hidden directory that shows", "host-paths.hidden",
       [](BwrapOptions& options, Sample& sample) {
         options.add({"--ro-bind", sample.path("secret"), sample.path("secret")});
       }},
      {"a parent of a hidden directory", "host-paths.hidden",
       [](BwrapOptions& options, Sample& sample) {
         options.add({"--ro-bind", sample.dir.path().string(), sample.dir.path().string()});
       }},
      {"a hidden directory that shows in the workspace", "host-paths.hidden", dropped("private")},
      {"a hidden directory that shows through another mount", "host-paths.hidden",
       [](BwrapOptions& options, Sample& sample) {
         sample.draft.plan.mounts["/mnt"] = sample.draft.plan.mounts["/docs"];
         sample.draft.plan.mounts["/mnt"].source = sample.dir.path().string();
         options.add({"--ro-bind", sample.dir.path().string(), "/mnt"});
       }},
      {"the host's devices", "devices.minimal", replaced("dev", {"--dev-bind", "/dev", "/dev"})},
      {"one device more", "devices.minimal",
       replaced("dev", {"--dev", "/dev", "--dev-bind", "/dev/kmsg", "/dev/kmsg"})},
      {"the wrong umask", "process.umask", nothing,
       [](contract::Plan& plan) { plan.process.umask = "0022"; }},
      {"a missing limit", "process.limits", nothing,
       [](contract::Plan& plan) { plan.security.rlimits.erase("nofile"); }},
      {"a higher limit", "process.limits", nothing,
       [](contract::Plan& plan) { plan.security.rlimits["nofile"] = 257; }},
      {"a terminal that is not there", "process.session",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.process.terminal = true; },
       [](contract::Plan& plan) { plan.process.terminal = false; }},
      {"a backend that declares somebody's files", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/home", "/home", "", false});
         options.add({"--bind", "/home", "/home"});
       }},
      {"a backend that declares them read-only", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/root", "/root", "", true});
         options.add({"--ro-bind", "/root", "/root"});
       }},
      {"a backend that climbs out of a system path", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/x", "/usr/../home", "", true});
         options.add({"--ro-bind", "/home", "/x"});
       }},
      {"a backend that shows all of /etc", "mounts.declared-only", engine_bind("/etc")},
      {"a backend that shows password hashes", "mounts.declared-only", engine_bind("/etc/shadow")},
      {"a backend that shows keys of the host", "mounts.declared-only",
       engine_bind("/etc/ssl/private")},
      {"a backend that takes any name for Java's settings", "mounts.declared-only",
       engine_bind("/etc/java-17")},
      {"a backend that shows /opt", "mounts.declared-only", engine_bind("/opt")},
      {"a backend that says read-only and mounts writable", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/x", "/usr/share", "", true});
         options.add({"--bind", "/usr/share", "/x"});
       }},
      {"a backend that says one directory and mounts another", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/x", "/usr/share", "", true});
         options.add({"--ro-bind", sample.path("other"), "/x"});
       }},
      {"a backend that calls the host's tmpfs its own", "mounts.declared-only",
       [](BwrapOptions& options, Sample& sample) {
         sample.prepared.engine_mounts.push_back({"/shm", "", "tmpfs", true});
         options.add({"--ro-bind", "/dev", "/shm"});
       }},
      {"no limit of memory at all", "cgroup.memory",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.resources.memory_bytes = 64 << 20;
         sample.draft.required.push_back("cgroup.memory");
       }},
      {"an rlimit of memory that was not set", "cgroup.memory",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.resources.memory_bytes = 64 << 20;
         sample.draft.required.push_back("cgroup.memory");
         sample.prepared.answers.push_back({"/resources/memory_bytes",
                                            contract::AnswerStatus::kEnforced, "rlimit RLIMIT_DATA",
                                            ""});
       }},
      {"a cgroup that does not exist", "cgroup.pids",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.resources.pids = 50;
         sample.draft.required.push_back("cgroup.pids");
         sample.sandbox.cgroups["pids"] = "/sys/fs/cgroup/no-such-group";
       }},
      {"a working directory that is not there", "process.cwd",
       [](BwrapOptions&, Sample& sample) { sample.draft.plan.process.cwd = "/no/such"; }},
      {"other programs than the host's", "rootfs.host",
       [](BwrapOptions& options, Sample& sample) {
         options.replace("/usr", {"--ro-bind", sample.path("other"), "/usr"});
       }},
      {"a backend that isolates less than asked for", "isolation",
       [](BwrapOptions&, Sample& sample) {
         sample.draft.plan.isolation = contract::Isolation::kVm;
       }},
      {"a protection that nobody can check", "org.example.thing",
       [](BwrapOptions&, Sample& sample) { sample.draft.required.push_back("org.example.thing"); }},
  };
  return kAll;
}

}  // namespace paddock::test
