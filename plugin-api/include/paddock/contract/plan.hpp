// The plan: what a launch will do, merged and final. Every leaf of it (leaves.hpp) ends in the
// ledger as enforced, or the launch is refused. Plain data; no thread rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace paddock::contract {

/// User and group of the workload, as it sees them. Never 0.
struct User {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;

  template <class V>
  static void describe(V& v) {
    v.field("uid", &User::uid, "user id inside the sandbox");
    v.field("gid", &User::gid, "group id inside the sandbox");
  }
};

struct Process {
  std::vector<std::string> command;                ///< argv; [0] is looked up in PATH
  std::string cwd = "/";                           ///< absolute, inside the sandbox
  std::map<std::string, std::string> environment;  ///< the whole environment; nothing is inherited
  User user;
  bool init = true;            ///< the gate stays as PID 1, forwards signals and reaps
  bool terminal = false;       ///< the workload gets a terminal of its own
  std::string umask = "0022";  ///< four octal digits
  std::string hostname = "sandbox";

  template <class V>
  static void describe(V& v) {
    v.field("command", &Process::command, "argument vector");
    v.field("cwd", &Process::cwd, "working directory inside the sandbox");
    v.field("environment", &Process::environment, "the whole environment");
    v.field("user", &Process::user, "user and group");
    v.field("init", &Process::init, "whether the gate stays as init process");
    v.field("terminal", &Process::terminal, "whether the workload gets a terminal");
    v.field("umask", &Process::umask, "file mode creation mask, octal");
    v.field("hostname", &Process::hostname, "host name in the UTS namespace");
  }
};

enum class RootfsType : std::uint8_t { kHost, kImage };

struct Rootfs {
  RootfsType type = RootfsType::kHost;  ///< the host's /usr and friends, or an image
  std::string image;                    ///< reference; empty for kHost
  bool read_only = false;
  std::optional<std::string> digest;    ///< "sha256:...": the image must be that one
  std::optional<std::string> platform;  ///< "linux/amd64": the image must be for it
  /// What `image` led to when the host looked, "sha256:...": exactly that runs. No op carries one.
  std::optional<std::string> image_id;

  template <class V>
  static void describe(V& v) {
    v.field("type", &Rootfs::type, "host or image");
    v.field("image", &Rootfs::image, "image reference, empty for host");
    v.field("read_only", &Rootfs::read_only, "whether the root file system is read-only");
    v.field("digest", &Rootfs::digest, "digest that the image must have");
    v.field("platform", &Rootfs::platform, "operating system and architecture of the image");
    v.field("image_id", &Rootfs::image_id, "what the reference led to, which is what runs");
  }
};

enum class MountType : std::uint8_t { kBind, kTmpfs, kVolume };

/// Which file it is, whatever path leads to it: st_dev and st_ino of stat(2).
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  bool operator==(const FileIdentity&) const = default;

  template <class V>
  static void describe(V& v) {
    v.field("device", &FileIdentity::device, "st_dev of stat(2)");
    v.field("inode", &FileIdentity::inode, "st_ino of stat(2)");
  }
};

/// One declared mount; its key in Plan::mounts is the target. Always nosuid and nodev, private.
struct Mount {
  MountType type = MountType::kBind;
  /// Absolute host path, resolved; empty for tmpfs. Of a volume: the place that the backend told
  /// (`volume`), empty until then.
  std::string source;
  bool read_only = true;
  bool executable = true;        ///< false: noexec
  std::uint64_t size_bytes = 0;  ///< tmpfs limit; 0 for bind mounts
  std::string purpose;           ///< "workspace", "home", "scratch", "mount"
  /// What the host found at `source` and judged; exactly that may be mounted. Every bind of a
  /// merged plan has one, and every volume when it is created; no tmpfs and no op does.
  std::optional<FileIdentity> identity = std::nullopt;
  std::optional<std::string> volume = std::nullopt;  ///< name of a volume, absent for others

  template <class V>
  static void describe(V& v) {
    v.field("type", &Mount::type, "bind, tmpfs or volume");
    v.field("source", &Mount::source, "host path of a bind mount, or of a volume");
    v.field("read_only", &Mount::read_only, "whether it is mounted read-only");
    v.field("executable", &Mount::executable, "whether programs on it may be executed");
    v.field("size_bytes", &Mount::size_bytes, "size limit of a tmpfs in bytes");
    v.field("purpose", &Mount::purpose, "what the mount is for");
    v.field("identity", &Mount::identity, "which file the source of a bind mount is");
    v.optional_field("volume", &Mount::volume, "name of a volume");
  }
};

/// Limits; nullopt means that the profile sets none.
struct Resources {
  std::optional<std::uint64_t> memory_bytes;
  std::optional<std::uint32_t> cpus_milli;  ///< thousandths of a CPU
  std::optional<std::uint32_t> pids;
  std::optional<std::uint64_t> disk_bytes;  ///< the sandbox's own writable space, workspace apart
  std::vector<std::string> best_effort;  ///< of "memory", "cpus", "pids", "disk": may go unenforced

  template <class V>
  static void describe(V& v) {
    v.field("memory_bytes", &Resources::memory_bytes, "memory limit in bytes");
    v.field("cpus_milli", &Resources::cpus_milli, "CPU limit in thousandths of a CPU");
    v.field("pids", &Resources::pids, "limit of processes and threads");
    v.field("disk_bytes", &Resources::disk_bytes, "sum of the tmpfs sizes in bytes");
    v.field("best_effort", &Resources::best_effort,
            "limits that may go unenforced, and are then reported");
  }
};

enum class NetworkMode : std::uint8_t { kNone, kIsolated, kBridge };

enum class Egress : std::uint8_t { kNone, kUnrestricted };

enum class Protocol : std::uint8_t { kTcp, kUdp };

/// A port of the sandbox that can be reached from outside, under an address of the host.
struct PublishedPort {
  std::string address;          ///< of the host, numeric: "127.0.0.1", "::1"
  std::uint16_t host_port = 0;  ///< 1-65535
  std::uint16_t port = 0;       ///< inside, 1-65535
  Protocol protocol = Protocol::kTcp;

  bool operator==(const PublishedPort&) const = default;

  template <class V>
  static void describe(V& v) {
    v.field("address", &PublishedPort::address, "address of the host, numeric");
    v.field("host_port", &PublishedPort::host_port, "port of the host");
    v.field("port", &PublishedPort::port, "port of the sandbox");
    v.field("protocol", &PublishedPort::protocol, "tcp or udp");
  }
};

struct Network {
  NetworkMode mode = NetworkMode::kNone;
  std::optional<Egress> egress;                  ///< where `mode` is isolated
  std::map<std::string, PublishedPort> publish;  ///< by "127.0.0.1:8080/tcp"

  template <class V>
  static void describe(V& v) {
    v.field("mode", &Network::mode, "none, isolated or bridge");
    v.optional_field("egress", &Network::egress, "what an isolated network leads to");
    v.optional_field("publish", &Network::publish, "published ports by host address and port");
  }
};

struct Security {
  bool no_new_privs = false;
  std::vector<std::string> capabilities;     ///< kept in the bounding set: "CAP_NET_RAW"; sorted
  std::vector<std::string> masked_paths;     ///< absolute, shown empty; sorted
  std::vector<std::string> read_only_paths;  ///< absolute, not writable; sorted
  std::vector<std::string> hidden_paths;  ///< host directories whose content must be absent; sorted
  std::map<std::string, std::uint64_t> rlimits;  ///< "nofile": hard and soft limit alike

  template <class V>
  static void describe(V& v) {
    v.field("no_new_privs", &Security::no_new_privs, "whether no_new_privs is set");
    v.field("capabilities", &Security::capabilities, "capabilities kept");
    v.field("masked_paths", &Security::masked_paths, "kernel paths shown empty");
    v.field("read_only_paths", &Security::read_only_paths, "kernel paths that cannot be written");
    v.field("hidden_paths", &Security::hidden_paths, "host directories that are absent inside");
    v.field("rlimits", &Security::rlimits, "resource limits by kernel name in lower case");
  }
};

/// Isolation levels, weakest first. A profile's is a minimum.
enum class Isolation : std::uint8_t { kSharedKernel, kUserKernel, kVm };

struct Plan {
  std::string name;     ///< of the sandbox
  std::string profile;  ///< name of the profile
  Isolation isolation = Isolation::kSharedKernel;
  Process process;
  Rootfs rootfs;
  std::map<std::string, Mount> mounts;  ///< by absolute target
  Resources resources;
  Network network;
  Security security;

  template <class V>
  static void describe(V& v) {
    v.field("name", &Plan::name, "name of the sandbox");
    v.field("profile", &Plan::profile, "name of the profile");
    v.field("isolation", &Plan::isolation, "minimum isolation level");
    v.field("process", &Plan::process, "what is run, and as whom");
    v.field("rootfs", &Plan::rootfs, "root file system");
    v.field("mounts", &Plan::mounts, "declared mounts by target");
    v.field("resources", &Plan::resources, "limits");
    v.field("network", &Plan::network, "network mode");
    v.field("security", &Plan::security, "hardening");
  }
};

}  // namespace paddock::contract
