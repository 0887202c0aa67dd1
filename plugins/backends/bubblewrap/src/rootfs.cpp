// The options that make the sandbox: namespaces, privileges, then the file system in the order in
// which bwrap performs it.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "arguments.hpp"
#include "paddock/contract/mount_source.hpp"
#include "support/etc_files.hpp"

namespace paddock::bubblewrap {
namespace {

void isolate(Arguments& args, const contract::Plan& plan) {
  args.add({"--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
            "--unshare-cgroup"});
  // In a user namespace of its own the workload would have every capability: over mounts that
  // escape the disk limit, and over the host's cgroups of version 1, which a fresh mount shows.
  args.add({"--disable-userns"});
  args.add({"--die-with-parent", "--as-pid-1", "--clearenv", "--chdir", "/"});
  args.add({"--uid", std::to_string(plan.process.user.uid)});
  args.add({"--gid", std::to_string(plan.process.user.gid)});
  args.add({"--hostname", plan.process.hostname});
  args.add({"--cap-drop", "ALL"});
  for (const std::string& name : plan.security.capabilities) {
    args.add({"--cap-add", name});
  }
}

// bwrap makes missing parents with the mode of what it was asked for, some of them 0700.
void make_parents(Arguments& args, std::set<std::string>& made, const std::string& target) {
  const std::string parent = target.substr(0, target.rfind('/'));
  if (!parent.empty() && made.insert(parent).second) {
    make_parents(args, made, parent);
    args.add({"--dir", parent});
  }
}

void make_all_parents(Arguments& args, const contract::Plan& plan, const Layout& layout) {
  std::set<std::string> made = {"/dev", "/proc", "/usr"};
  for (const auto* pairs : {&layout.binds, &layout.links}) {
    for (const auto& [source, target] : *pairs) {
      make_parents(args, made, target);
    }
  }
  for (const std::string& path : layout.copies) {
    make_parents(args, made, path);
  }
  make_parents(args, made, "/etc/passwd");
  make_parents(args, made, kGateTarget);
  for (const auto& entry : plan.mounts) {
    const std::string& target = entry.first;
    const bool below_mount =
        std::any_of(plan.mounts.begin(), plan.mounts.end(), [&](const auto& other) {
          return other.first != target && support::is_within(target, other.first);
        });
    if (!below_mount) {
      make_parents(args, made, target);
    }
  }
}

void build_system(Arguments& args,
                  const contract::Plan& plan,
                  const Layout& layout,
                  const std::string& gate_path) {
  make_all_parents(args, plan, layout);
  for (const auto& [source, target] : layout.binds) {
    args.add({"--ro-bind", source, target});
  }
  for (const auto& [text, path] : layout.links) {
    args.add({"--symlink", text, path});
  }
  for (const std::string& path : layout.copies) {
    support::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (fd) {  // gone or unreadable: not there inside either
      args.add({"--perms", "0444"});
      args.add_fd("--file", std::move(fd), path);
    }
  }
  for (const support::MadeFile& file : support::made_files(plan)) {
    args.add_file(file.target, file.content);
  }
  args.add({"--ro-bind", gate_path, kGateTarget, "--perms", "0555", "--dir", kEmptyDirectory});
  args.add_file(kEmptyFile, "");
  args.add({"--proc", "/proc", "--dev", "/dev"});
}

/// The source that the host pinned. Its path may lead to another one by now.
Result<support::UniqueFd> open_pinned(const std::string& target, const contract::Mount& mount) {
  support::UniqueFd fd(contract::open_mount_source(mount.source));
  const int error = errno;
  const auto found = fd ? contract::identity_of(fd.get()) : std::nullopt;
  if (found && found == mount.identity) {
    return fd;
  }
  const std::string why = !mount.identity  ? "the plan does not pin it"
                          : fd             ? "another file or folder is there now"
                          : error == ELOOP ? "a part of it is a link now"
                                           : std::string(std::strerror(error));
  return fail(
      ErrorCode::kBackendRefused,
      "the source of '" + target + "' is not what was planned: '" + mount.source + "': " + why,
      "something replaces it, a running sandbox perhaps: stop that and try again");
}

// --bind-fd compares what it has mounted with the descriptor: its own walk by name may be led
// astray.
Result<void> add_bind(Arguments& args, const std::string& target, const contract::Mount& mount) {
  auto source = open_pinned(target, mount);
  if (!source) {
    return fail_as(source);
  }
  args.add_fd(mount.read_only ? "--ro-bind-fd" : "--bind-fd", std::move(*source), target);
  return {};
}

void add_tmpfs(Arguments& args, const std::string& target, const contract::Mount& mount) {
  args.add({"--perms", mount.purpose == "home" ? "0700" : "1777"});
  if (mount.size_bytes != 0) {
    args.add({"--size", std::to_string(mount.size_bytes)});
  }
  args.add({"--tmpfs", target});
  if (mount.read_only) {
    args.add({"--remount-ro", target});
  }
}

}  // namespace

Result<Arguments> arguments_for(const contract::Plan& plan,
                                const Layout& layout,
                                const std::string& gate_path) {
  Arguments args;
  isolate(args, plan);
  build_system(args, plan, layout, gate_path);
  for (const auto& [target, mount] : plan.mounts) {  // sorted: parents before what is in them
    if (mount.type == contract::MountType::kTmpfs) {
      add_tmpfs(args, target, mount);
    } else if (auto added = add_bind(args, target, mount); !added) {
      return fail_as(added);
    }
  }
  args.add({"--remount-ro", "/dev", "--remount-ro", "/"});
  return args;
}

}  // namespace paddock::bubblewrap
