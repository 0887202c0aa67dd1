#include "proof/view.hpp"

#include <algorithm>
#include <sstream>

#include "os/file.hpp"
#include "os/paths.hpp"
#include "proof/places.hpp"

namespace paddock::proof {
namespace {

std::string proc(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

Result<std::vector<IdRange>> read_id_map(pid_t pid, std::string_view name) {
  const auto text = os::read_kernel_file(proc(pid, name));
  if (!text) {
    return fail_as(text);
  }
  std::vector<IdRange> ranges;
  std::istringstream lines(*text);
  for (IdRange range; lines >> range.inside >> range.outside >> range.count;) {
    ranges.push_back(range);
  }
  return ranges;
}

Result<Session> read_session(pid_t pid) {
  const auto text = os::read_kernel_file(proc(pid, "stat"));
  if (!text) {
    return fail_as(text);
  }
  // The program's name may hold anything; what follows the last ')' is numbers.
  std::istringstream fields(text->substr(text->rfind(')') + 1));
  std::string state;
  pid_t parent = 0, group = 0;
  Session session;
  if (!(fields >> state >> parent >> group >> session.session >> session.terminal)) {
    return fail(ErrorCode::kSystem, "cannot read the session of process " + std::to_string(pid));
  }
  return session;
}

bool runs(pid_t pid, const std::optional<struct stat>& program) {
  const auto own = host_stat(proc(pid, "exe"));
  return own && program && same_file(*own, *program);
}

}  // namespace

std::string gate_path(const Subject& subject) {
  return subject.gate.empty() ? os::install_paths().gate.string() : subject.gate;
}

bool is_below(std::string_view path, std::string_view directory) {
  return directory == "/" || (path.starts_with(directory) &&
                              (path.size() == directory.size() || path[directory.size()] == '/'));
}

bool View::requires_(std::string_view protection) const {
  const auto& names = subject.draft.required;
  return std::find(names.begin(), names.end(), protection) != names.end();
}

const os::MountInfo* View::mount_of(std::string_view path) const {
  const os::MountInfo* best = nullptr;
  if (mounts) {
    for (const os::MountInfo& mount : *mounts) {
      // Of two at one place the later one is on top.
      if (is_below(path, mount.target) &&
          (best == nullptr || mount.target.size() >= best->target.size())) {
        best = &mount;
      }
    }
  }
  return best;
}

View glance(const Subject& subject, std::uint64_t channel_inode) {
  const auto gate = host_stat(gate_path(subject));
  return View{subject, channel_inode, gate, runs(subject.pid, gate)};
}

void look_around(View& view) {
  const pid_t pid = view.subject.pid;
  const pid_t files = view.guest ? view.guest->files : pid;
  view.mounts = view.guest ? mounts_of(*view.guest) : os::read_mountinfo(pid);
  view.host_mounts = os::read_mountinfo(::getpid());
  view.namespaces = os::read_namespaces(pid);
  view.host_namespaces = os::read_namespaces(::getpid());
  view.interfaces = os::read_interfaces(pid);
  // A kernel of its own has told its own numbers.
  const std::vector<IdRange> all = {{0, 0, UINT32_MAX}};
  view.uids = view.guest ? all : read_id_map(pid, "uid_map");
  view.gids = view.guest ? all : read_id_map(pid, "gid_map");
  view.root = SandboxRoot::open(files);
  view.binds = binds_of(view.subject);
}

void look_inside(View& view) {
  const pid_t pid = view.subject.pid;
  if (view.guest) {
    view.status = view.guest->status;
    view.limits = view.guest->limits;
    view.session = Session{view.guest->leads_session ? pid : 0, view.guest->has_terminal ? 1 : 0};
    return;
  }
  view.status = os::read_status(pid);
  view.limits = os::read_limits(pid);
  view.descriptors = os::read_descriptors(pid);
  view.session = read_session(pid);
}

View look(const Subject& subject, std::uint64_t channel_inode) {
  View view = glance(subject, channel_inode);
  look_around(view);
  look_inside(view);
  return view;
}

}  // namespace paddock::proof
