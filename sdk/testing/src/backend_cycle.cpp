#include "backend_cycle.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "gate_link.hpp"
#include "paddock/contract/json_value.hpp"
#include "surroundings.hpp"

namespace paddock::testing {
namespace {

namespace fs = std::filesystem;
using contract::RunState;

constexpr std::string_view kCreate = "BCK-06: create brings up the gate as PID 1, waiting";
constexpr std::string_view kNothing = "BCK-07: a create that fails leaves nothing";
constexpr std::string_view kExec = "BCK-08: exec starts a gate in the running sandbox's namespaces";
constexpr std::string_view kInspect = "BCK-09: inspect tells running from ended";
constexpr std::string_view kStop = "BCK-10: stop ends the sandbox, and can be repeated";
constexpr std::string_view kRemove =
    "BCK-11: remove removes its own alone, and can be repeated, also when nothing was made";
constexpr std::string_view kPinned = "BCK-13: create mounts exactly the source that the plan pins";
constexpr std::string_view kTidy = "BCK-12: no descriptor, process or file is left";

std::string namespace_of(std::int64_t pid, const char* name) {
  std::error_code gone;
  return std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/ns/" + name, gone)
      .string();
}

/// Where it does not, a kernel of the sandbox's own runs the gate. One that cannot be asked does.
bool runs(std::int64_t pid, const std::string& program) {
  std::error_code unknown;
  const bool same = fs::equivalent("/proc/" + std::to_string(pid) + "/exe", program, unknown);
  return same || unknown;
}

/// Sees whether one process ended, whoever gets its number next.
class Watched {
 public:
  Watched(std::string name, std::int64_t pid)
      : name_(std::move(name)), pidfd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}
  Watched(Watched&& other) noexcept
      : name_(std::move(other.name_)), pidfd_(std::exchange(other.pidfd_, -1)) {}
  Watched& operator=(Watched&&) = delete;
  ~Watched() {
    if (pidfd_ >= 0) {
      close(pidfd_);
    }
  }

  const std::string& name() const { return name_; }
  bool ended() const {
    pollfd wait = {pidfd_, POLLIN, 0};
    return pidfd_ < 0 || poll(&wait, 1, kEndTimeoutMs) > 0;
  }

 private:
  static constexpr int kEndTimeoutMs = 100;  // for what the kernel has begun to end
  std::string name_;
  int pidfd_;
};

class Cycle {
 public:
  Cycle(Recorder& recorder,
        Instance& instance,
        std::string gate,
        const contract::PrepareRequest& request,
        const contract::PrepareReply& prepared)
      : recorder_(recorder),
        instance_(instance),
        gate_(std::move(gate)),
        request_(request),
        prepared_(prepared) {}

  void run();

 private:
  std::optional<contract::Sandbox> create();
  void create_without_gate();
  void create_unpinned();
  void refuse_create(std::string_view rule, const Sample& sample, const std::string& otherwise);
  void exec(const contract::Sandbox& sandbox);
  void compare_confinement(std::int64_t gate, std::int64_t entered);
  void inspect(const contract::Sandbox& sandbox, bool running);
  void stop(const contract::Sandbox& sandbox);
  void remove(const std::optional<contract::Sandbox>& sandbox);
  void expect_tidy(std::string_view rule);
  Sample create_sample(const contract::GateSpec& gate, const contract::Plan& plan) const;

  fs::path sentinel() const { return fs::path(request_.runtime_dir) / "not-the-sandbox's"; }

  Recorder& recorder_;
  Instance& instance_;
  std::string gate_;
  const contract::PrepareRequest& request_;
  const contract::PrepareReply& prepared_;
  Sleeper stranger_;
  std::vector<Watched> running_;
  std::vector<std::string> descriptors_ = open_descriptors();
  std::vector<pid_t> children_ = child_processes();
};

Sample Cycle::create_sample(const contract::GateSpec& gate, const contract::Plan& plan) const {
  contract::CreateRequest create;
  create.plan = plan;
  create.instance = request_.instance;
  create.runtime_dir = request_.runtime_dir;
  create.gate = gate;
  return {"create", contract::encode(create)};
}

std::optional<contract::Sandbox> Cycle::create() {
  GateLink link;
  const auto sandbox = ask<contract::Sandbox>(recorder_, kCreate, instance_,
                                              create_sample(link.spec(gate_), request_.plan));
  link.close_far_end();
  if (!sandbox) {
    return std::nullopt;
  }
  recorder_.expect(kCreate, sandbox->instance == request_.instance,
                   "the reply names another instance");
  const auto pid = link.hello();
  recorder_.expect(kCreate, pid.has_value(), pid ? "" : pid.error().what);
  recorder_.expect(kCreate, !pid || *pid == 1, "the gate is not PID 1 of the sandbox");
  const auto host_pid = static_cast<pid_t>(sandbox->pid);
  recorder_.expect(kCreate, host_pid > 0 && kill(host_pid, 0) == 0,
                   "the reply's pid is no process");
  running_.emplace_back("the gate", sandbox->pid);
  if (pid) {
    inspect(*sandbox, true);
    exec(*sandbox);
  }
  stop(*sandbox);
  return *sandbox;
}

void Cycle::exec(const contract::Sandbox& sandbox) {
  GateLink link;
  const contract::ExecRequest request{request_.plan, sandbox, link.spec(gate_)};
  const auto reply =
      ask<contract::ExecReply>(recorder_, kExec, instance_, {"exec", contract::encode(request)});
  link.close_far_end();
  if (!reply) {
    return;
  }
  const auto pid = link.hello();
  recorder_.expect(kExec, pid.has_value(), pid ? "" : pid.error().what);
  running_.emplace_back("the gate of exec", reply->pid);
  if (!runs(sandbox.pid, gate_)) {
    recorder_.expect(kExec, link.is_held_by(sandbox.pid),
                     "the sandbox's own kernel does not hold its channel");
    return;  // no process of the host's is that gate
  }
  compare_confinement(sandbox.pid, reply->pid);
  for (const char* name : {"mnt", "pid", "net", "ipc", "uts", "user"}) {
    recorder_.expect(kExec, namespace_of(reply->pid, name) == namespace_of(sandbox.pid, name),
                     "its " + std::string(name) + " namespace is another one");
  }
}

namespace {

/// Supplementary groups but the primary one, which gives nothing that is not there without it.
void drop_primary_group(std::map<std::string, std::string>& status) {
  std::istringstream groups(status["Groups"]), ids(status["Gid"]);
  std::string primary, others;
  ids >> primary;
  for (std::string group; groups >> group;) {
    others += group == primary ? "" : group + " ";
  }
  status["Groups"] = others;
}

}  // namespace

void Cycle::compare_confinement(std::int64_t gate, std::int64_t entered) {
  const std::vector<std::string> keys = {"Uid",    "Gid",     "Groups",    "CapInh",
                                         "CapPrm", "CapEff",  "CapBnd",    "CapAmb",
                                         "Umask",  "Seccomp", "NoNewPrivs"};
  auto inside = status_of(static_cast<pid_t>(entered), keys);
  auto first = status_of(static_cast<pid_t>(gate), keys);
  drop_primary_group(inside);
  drop_primary_group(first);
  for (const auto& [key, value] : first) {
    recorder_.expect(kExec, inside[key] == value,
                     "its " + key + " is '" + inside[key] + "', the sandbox's '" + value + "'");
  }
}

void Cycle::inspect(const contract::Sandbox& sandbox, bool running) {
  const contract::InspectRequest request{sandbox.instance, sandbox.record};
  const auto reply = ask<contract::InspectReply>(recorder_, kInspect, instance_,
                                                 {"inspect", contract::encode(request)});
  if (reply) {
    const bool good = running
                          ? reply->state == RunState::kRunning
                          : reply->state == RunState::kExited || reply->state == RunState::kGone;
    recorder_.expect(
        kInspect, good,
        running ? "a waiting sandbox is not 'running'" : "an ended sandbox is not 'gone'");
  }
}

void Cycle::stop(const contract::Sandbox& sandbox) {
  const Sample sample{"stop", contract::encode(contract::StopRequest{sandbox, 1000})};
  for (int i = 0; i < 2; ++i) {
    ask<contract::Empty>(recorder_, kStop, instance_, sample).has_value();
  }
  for (const Watched& process : running_) {
    recorder_.expect(kStop, process.ended(), process.name() + " still runs after stop");
  }
  running_.clear();
  inspect(sandbox, false);
}

void Cycle::remove(const std::optional<contract::Sandbox>& sandbox) {
  contract::RemoveRequest request;
  request.instance = request_.instance;
  request.runtime_dir = request_.runtime_dir;
  request.objects = prepared_.objects;
  request.sandbox = sandbox;
  const Sample sample{"remove", contract::encode(request)};
  for (int i = 0; i < 2; ++i) {
    ask<contract::Empty>(recorder_, kRemove, instance_, sample).has_value();
  }
  recorder_.expect(kRemove, fs::exists(sentinel()),
                   "a file that 'objects' does not name is gone from the runtime directory");
  recorder_.expect(kRemove, stranger_.alive(), "a process that is not the sandbox's is gone");
}

void Cycle::expect_tidy(std::string_view rule) {
  for (const std::string& descriptor : open_descriptors()) {
    recorder_.expect(rule, std::count(descriptors_.begin(), descriptors_.end(), descriptor) == 1,
                     "a descriptor is left: " + descriptor);
  }
  for (const pid_t child : child_processes()) {
    recorder_.expect(rule, std::count(children_.begin(), children_.end(), child) == 1,
                     "a child process is left: " + std::to_string(child));
  }
  for (const std::string& entry : entries(request_.runtime_dir)) {
    recorder_.expect(rule, entry == sentinel().filename(),
                     "a file is left in the runtime directory: " + entry);
  }
}

void Cycle::create_without_gate() {
  GateLink link;
  refuse_create(kNothing, create_sample(link.spec("/nonexistent/paddock-gate"), request_.plan),
                "it runs a gate that does not exist");
}

// Once another identity than the source has, once none.
void Cycle::create_unpinned() {
  for (const bool other : {true, false}) {
    contract::Plan plan = request_.plan;
    for (auto& [target, mount] : plan.mounts) {
      mount.identity = mount.identity && other
                           ? std::optional(contract::FileIdentity{mount.identity->device,
                                                                  mount.identity->inode + 1})
                           : std::nullopt;
    }
    GateLink link;
    refuse_create(kPinned, create_sample(link.spec(gate_), plan),
                  other ? "it mounts another source than the plan's"
                        : "it mounts a source that is not pinned");
  }
}

void Cycle::refuse_create(std::string_view rule,
                          const Sample& sample,
                          const std::string& otherwise) {
  const Outcome outcome = instance_.call("create", sample.request);
  if (recorder_.expect(rule, outcome.status != PADDOCK_OK, otherwise)) {
    expect_error(recorder_, "create", outcome);
  } else if (const auto sandbox = contract::decode<contract::Sandbox>(outcome.reply)) {
    stop(*sandbox);
    remove(*sandbox);
  }
}

void Cycle::run() {
  std::ofstream(sentinel()) << "somebody else's";
  remove(std::nullopt);
  expect_tidy(kTidy);
  create_without_gate();
  expect_tidy(kNothing);
  create_unpinned();
  expect_tidy(kNothing);
  const auto sandbox = create();
  remove(sandbox);
  expect_tidy(kTidy);
}

}  // namespace

void check_cycle(Recorder& recorder,
                 Instance& instance,
                 const std::string& gate,
                 const contract::PrepareRequest& request,
                 const contract::PrepareReply& prepared) {
  Cycle(recorder, instance, gate, request, prepared).run();
}

}  // namespace paddock::testing
