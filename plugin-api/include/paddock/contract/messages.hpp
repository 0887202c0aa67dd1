// Requests and replies of the plugin methods. Which plugin kind answers which method, and every
// "must", is in plugin-api/README.md. Plain data; no thread rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "paddock/contract/error.hpp"
#include "paddock/contract/image_messages.hpp"
#include "paddock/contract/json_text.hpp"
#include "paddock/contract/plan.hpp"

namespace paddock::contract {

/// A plugin's own table of the profile, as `create` gets it. `values` is a JSON object, checked
/// by the host against the manifest's options and completed with their defaults.
struct Config {
  std::string plugin;                          ///< its id
  JsonText values;                             ///< object: option key to value
  std::map<std::string, SourcePos> positions;  ///< JSON pointer into `values` to its place

  template <class V>
  static void describe(V& v) {
    v.field("plugin", &Config::plugin, "plugin id");
    v.field("values", &Config::values, "option values");
    v.field("positions", &Config::positions, "place of each value by JSON pointer");
  }
};

/// A request or reply without content.
struct Empty {
  template <class V>
  static void describe(V&) {}
};

// ---- hardeners -------------------------------------------------------------------------------

enum class OpKind : std::uint8_t {
  kSet,     ///< a wish, merged by the leaf's rule
  kRemove,  ///< drop a keyed entry (a mount, an rlimit); narrowing only
  kWiden,   ///< loosen; legal only where the user's own profile grants this plugin the path
};

/// One edit of the plan that a hardener asks for.
struct Op {
  std::string id;  ///< unique within the plugin, for messages
  OpKind kind = OpKind::kSet;
  std::string path;      ///< JSON pointer of a leaf
  JsonText value;        ///< ignored for kRemove
  std::string reason;    ///< one line for people
  bool critical = true;  ///< false: may be dropped where the backend cannot, and is then reported

  template <class V>
  static void describe(V& v) {
    v.field("id", &Op::id, "unique within the plugin");
    v.field("kind", &Op::kind, "set, remove or widen");
    v.field("path", &Op::path, "JSON pointer of a leaf of the plan");
    v.field("value", &Op::value, "wanted value");
    v.field("reason", &Op::reason, "one line for people");
    v.field("critical", &Op::critical, "whether the launch fails without it");
  }
};

/// `require`: protections that must hold whatever the plan's leaves already ask for.
struct RequireReply {
  std::vector<std::string> protections;

  template <class V>
  static void describe(V& v) {
    v.field("protections", &RequireReply::protections, "names of protections");
  }
};

/// `adjust` and `review` get the plan; `adjust` answers with ops, `review` with Empty or an error.
struct PlanRequest {
  Plan plan;

  template <class V>
  static void describe(V& v) {
    v.field("plan", &PlanRequest::plan, "the plan");
  }
};

struct AdjustReply {
  std::vector<Op> ops;

  template <class V>
  static void describe(V& v) {
    v.field("ops", &AdjustReply::ops, "edits asked for");
  }
};

enum class Evidence : std::uint8_t { kAssumed, kReported, kObserved };

/// One thing that a plugin saw: a hardener's `verify`, or a backend at `create`.
struct Finding {
  std::string protection;
  bool holds = false;
  Evidence evidence = Evidence::kAssumed;
  std::string seen;  ///< what was read, for the ledger

  template <class V>
  static void describe(V& v) {
    v.field("protection", &Finding::protection, "name of the protection");
    v.field("holds", &Finding::holds, "whether it holds");
    v.field("evidence", &Finding::evidence, "how it is known");
    v.field("seen", &Finding::seen, "what was read");
  }
};

/// A sandbox that exists: what `create` answered, and what later calls get back.
struct Sandbox {
  std::string instance;  ///< the host's unique id of this launch: 16 hex digits
  std::int64_t pid =
      0;  ///< of the gate, in the host's PID namespace; 0 when the kernel is not ours
  std::map<std::string, std::string>
      cgroups;                         ///< "memory", "cpu", "pids" or "" (v2) to its directory
  JsonText record;                     ///< the backend's own notes; opaque to the host
  std::vector<Finding> findings = {};  ///< what only the backend can see
  /// Id of the image that it was made from, as the engine tells it afterwards; absent without one.
  std::optional<std::string> image = std::nullopt;

  template <class V>
  static void describe(V& v) {
    v.field("instance", &Sandbox::instance, "id of the launch");
    v.field("pid", &Sandbox::pid, "host PID of the gate");
    v.field("cgroups", &Sandbox::cgroups, "cgroup directory by controller");
    v.field("record", &Sandbox::record, "the backend's own notes");
    v.optional_field("findings", &Sandbox::findings, "what only the backend can see");
    v.field("image", &Sandbox::image, "id of the image that it was made from");
  }
};

/// `attach`, `verify` and `release` of a hardener.
struct SandboxRequest {
  Plan plan;
  Sandbox sandbox;

  template <class V>
  static void describe(V& v) {
    v.field("plan", &SandboxRequest::plan, "the plan");
    v.field("sandbox", &SandboxRequest::sandbox, "the waiting or running sandbox");
  }
};

struct VerifyReply {
  std::vector<Finding> findings;

  template <class V>
  static void describe(V& v) {
    v.field("findings", &VerifyReply::findings, "what was seen");
  }
};

// ---- backends --------------------------------------------------------------------------------

/// `probe`: what can be enforced on this machine, now.
struct ProbeRequest {
  /// The least that the plan asks for; the reply may leave out what gives more. Absent: tell all.
  std::optional<Isolation> isolation = std::nullopt;

  template <class V>
  static void describe(V& v) {
    v.field("isolation", &ProbeRequest::isolation, "the least isolation that the plan asks for");
  }
};

/// An absent protection is unsupported.
struct ProtectionSupport {
  std::string protection;
  bool supported = false;
  std::string mechanism;  ///< by what, when supported
  std::string reason;     ///< why not, when not
  std::string remedy;     ///< what the user can do about it, one line

  template <class V>
  static void describe(V& v) {
    v.field("protection", &ProtectionSupport::protection, "name of the protection");
    v.field("supported", &ProtectionSupport::supported, "whether it can be enforced here");
    v.field("mechanism", &ProtectionSupport::mechanism, "by what");
    v.field("reason", &ProtectionSupport::reason, "why not");
    v.field("remedy", &ProtectionSupport::remedy, "what the user can do");
  }
};

struct ProbeReply {
  bool available = false;  ///< whether the backend can run anything here
  std::string version;     ///< of its program or engine
  Isolation isolation = Isolation::kSharedKernel;
  std::vector<ProtectionSupport> protections;
  std::string reason;  ///< why it is not available
  std::string remedy;

  template <class V>
  static void describe(V& v) {
    v.field("available", &ProbeReply::available, "whether the backend can run anything here");
    v.field("version", &ProbeReply::version, "version of the program or engine");
    v.field("isolation", &ProbeReply::isolation, "isolation level that it gives");
    v.field("protections", &ProbeReply::protections, "support by protection");
    v.field("reason", &ProbeReply::reason, "why it is not available");
    v.field("remedy", &ProbeReply::remedy, "what the user can do");
  }
};

enum class AnswerStatus : std::uint8_t { kNotEnforced, kDelegated, kEnforced };

/// Gate 2: the backend's word on one leaf.
struct Answer {
  std::string path;
  AnswerStatus status = AnswerStatus::kNotEnforced;
  std::string mechanism;  ///< by what; for kDelegated, to whom ("gate")
  std::string why;        ///< reason, for kNotEnforced

  template <class V>
  static void describe(V& v) {
    v.field("path", &Answer::path, "JSON pointer of the leaf");
    v.field("status", &Answer::status, "enforced, delegated or not-enforced");
    v.field("mechanism", &Answer::mechanism, "by what, or delegated to whom");
    v.field("why", &Answer::why, "reason when not enforced");
  }
};

/// A mount that the backend itself needs inside; the host checks it against a fixed set of rules
/// (host/src/proof): only pseudo file systems, or read-only binds of system paths.
struct EngineMount {
  std::string target;
  std::string source;  ///< absolute host path for a bind; empty for a pseudo file system
  std::string fstype;  ///< "proc", "tmpfs", "devpts", ...; empty for a bind
  bool read_only = true;

  template <class V>
  static void describe(V& v) {
    v.field("target", &EngineMount::target, "path inside");
    v.field("source", &EngineMount::source, "host path of a bind");
    v.field("fstype", &EngineMount::fstype, "file system type, empty for a bind");
    v.field("read_only", &EngineMount::read_only, "whether it is read-only");
  }
};

/// An object outside the host process that `create` will make; journaled before.
struct ExternalObject {
  std::string kind;  ///< "cgroup", "process", "directory", "container", ...
  std::string id;    ///< how the backend finds it again; unique to the instance

  template <class V>
  static void describe(V& v) {
    v.field("kind", &ExternalObject::kind, "what it is");
    v.field("id", &ExternalObject::id, "how it is found again");
  }
};

struct PrepareRequest {
  Plan plan;
  std::string instance;
  std::string runtime_dir;  ///< private to this sandbox, exists, 0700

  template <class V>
  static void describe(V& v) {
    v.field("plan", &PrepareRequest::plan, "the merged plan");
    v.field("instance", &PrepareRequest::instance, "id of the launch");
    v.field("runtime_dir", &PrepareRequest::runtime_dir, "private directory of this sandbox");
  }
};

struct PrepareReply {
  std::vector<Answer> answers;             ///< one for every leaf of the plan
  std::vector<EngineMount> engine_mounts;  ///< every mount beyond the plan's
  std::vector<ExternalObject> objects;     ///< everything that create may leave behind if killed

  template <class V>
  static void describe(V& v) {
    v.field("answers", &PrepareReply::answers, "one for every leaf");
    v.field("engine_mounts", &PrepareReply::engine_mounts, "mounts beyond the plan's");
    v.field("objects", &PrepareReply::objects, "external objects that create will make");
  }
};

/// `volume`, a method that a backend may leave out: makes the named volume of `instance` on first
/// use, and tells where it is. A volume outlives sandboxes; `remove` of an object of kind "volume"
/// whose id is `name`, with that instance and `directory` as its runtime_dir, ends it.
struct VolumeRequest {
  std::string name;
  std::string instance;   ///< of the volume, for life
  std::string directory;  ///< private to this user's volumes, exists, 0700

  template <class V>
  static void describe(V& v) {
    v.field("name", &VolumeRequest::name, "name of the volume");
    v.field("instance", &VolumeRequest::instance, "id of the volume");
    v.field("directory", &VolumeRequest::directory, "private directory of this user's volumes");
  }
};

struct VolumeReply {
  std::string source;  ///< absolute path of a directory of this host, without links

  template <class V>
  static void describe(V& v) {
    v.field("source", &VolumeReply::source, "where the volume is on this host");
  }
};

/// The gate, and the descriptors that a sandbox or an exec'd process starts with. Numbers are
/// those of the process that the plugin runs in; the plugin duplicates what it keeps.
struct GateSpec {
  std::string path;           ///< the static helper on the host
  std::int32_t channel = -1;  ///< socket that the gate must get, under any number >= 3
  std::int32_t stdin_fd = -1;
  std::int32_t stdout_fd = -1;
  std::int32_t stderr_fd = -1;

  template <class V>
  static void describe(V& v) {
    v.field("path", &GateSpec::path, "the gate's program on the host");
    v.field("channel", &GateSpec::channel, "descriptor of the gate's channel");
    v.field("stdin_fd", &GateSpec::stdin_fd, "descriptor for standard input");
    v.field("stdout_fd", &GateSpec::stdout_fd, "descriptor for standard output");
    v.field("stderr_fd", &GateSpec::stderr_fd, "descriptor for standard error");
  }
};

/// `create`: bring the sandbox up with the gate as its first process, waiting. `exec`: the same
/// for one more process in the running sandbox, under the same confinement.
struct CreateRequest {
  Plan plan;
  std::string instance;
  std::string runtime_dir;
  GateSpec gate;

  template <class V>
  static void describe(V& v) {
    v.field("plan", &CreateRequest::plan, "the merged plan");
    v.field("instance", &CreateRequest::instance, "id of the launch");
    v.field("runtime_dir", &CreateRequest::runtime_dir, "private directory of this sandbox");
    v.field("gate", &CreateRequest::gate, "the gate and its descriptors");
  }
};

struct ExecRequest {
  Plan plan;
  Sandbox sandbox;
  GateSpec gate;

  template <class V>
  static void describe(V& v) {
    v.field("plan", &ExecRequest::plan, "the plan that the sandbox runs under");
    v.field("sandbox", &ExecRequest::sandbox, "the running sandbox");
    v.field("gate", &ExecRequest::gate, "the gate and its descriptors");
  }
};

struct ExecReply {
  std::int64_t pid = 0;  ///< of the exec'd gate, in the host's PID namespace
  JsonText record;       ///< for `inspect` of this process

  template <class V>
  static void describe(V& v) {
    v.field("pid", &ExecReply::pid, "host PID of the exec'd gate");
    v.field("record", &ExecReply::record, "the backend's own notes");
  }
};

/// `inspect`, of a sandbox (record of Sandbox) or of an exec'd process (record of ExecReply).
struct InspectRequest {
  std::string instance;
  JsonText record;

  template <class V>
  static void describe(V& v) {
    v.field("instance", &InspectRequest::instance, "id of the launch");
    v.field("record", &InspectRequest::record, "the backend's own notes");
  }
};

enum class RunState : std::uint8_t { kUnknown, kRunning, kExited, kGone };

struct InspectReply {
  RunState state = RunState::kUnknown;
  std::optional<std::int32_t> exit_code;  ///< 0-255, 128+n for signal n, where it is known
  bool oom_killed = false;                ///< the memory limit ended a process

  template <class V>
  static void describe(V& v) {
    v.field("state", &InspectReply::state, "running, exited, gone or unknown");
    v.field("exit_code", &InspectReply::exit_code, "of the workload, 128+n for a signal");
    v.field("oom_killed", &InspectReply::oom_killed, "whether the memory limit ended a process");
  }
};

struct StopRequest {
  Sandbox sandbox;
  std::uint32_t grace_ms = 10000;  ///< after this, kill

  template <class V>
  static void describe(V& v) {
    v.field("sandbox", &StopRequest::sandbox, "the running sandbox");
    v.field("grace_ms", &StopRequest::grace_ms, "time before it is killed, in ms");
  }
};

/// `remove`: idempotent, also after a host that died at any point of create. Only what `objects`
/// names is touched.
struct RemoveRequest {
  std::string instance;
  std::string runtime_dir;
  std::vector<ExternalObject> objects;
  std::optional<Sandbox> sandbox;  ///< when create had answered

  template <class V>
  static void describe(V& v) {
    v.field("instance", &RemoveRequest::instance, "id of the launch");
    v.field("runtime_dir", &RemoveRequest::runtime_dir, "private directory of this sandbox");
    v.field("objects", &RemoveRequest::objects, "what the journal names");
    v.field("sandbox", &RemoveRequest::sandbox, "the sandbox, when create had answered");
  }
};

// ---- hooks -----------------------------------------------------------------------------------

enum class HookPhase : std::uint8_t { kBeforeLaunch, kAfterStop };

struct HookRequest {
  HookPhase phase = HookPhase::kBeforeLaunch;
  Plan plan;
  std::optional<std::int32_t> exit_code;  ///< kAfterStop: the workload's

  template <class V>
  static void describe(V& v) {
    v.field("phase", &HookRequest::phase, "before-launch or after-stop");
    v.field("plan", &HookRequest::plan, "the plan");
    v.field("exit_code", &HookRequest::exit_code, "the workload's exit code");
  }
};

}  // namespace paddock::contract
