#include "profile/core_options.hpp"

#include <algorithm>
#include <limits>

namespace paddock::profile {
namespace {

using Choices = std::vector<std::string>;

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kLargestId = 4294967294;  // 2^32-1 means "none" to the kernel
constexpr std::int64_t kMostPids = 4194304;      // PID_MAX_LIMIT, proc(5)
constexpr std::int64_t kMostFiles = 1073741816;  // fs.nr_open may not exceed it
constexpr std::int64_t kMostCpus = 4096;
constexpr std::int64_t kLargestSize = std::numeric_limits<std::int64_t>::max();

// One row, with what most rows need; the rest is chained.
class Row {
 public:
  Row(std::string key, OptionType type, Narrowing narrowing, std::string doc) {
    spec_.key = std::move(key);
    spec_.type = type;
    spec_.narrowing = narrowing;
    spec_.doc = std::move(doc);
  }
  Row range(std::int64_t least, std::int64_t most) && {
    spec_.minimum = least;
    spec_.maximum = most;
    return std::move(*this);
  }
  Row choices(Choices names) && {
    spec_.choices = std::move(names);
    return std::move(*this);
  }
  Row fallback(Node::Value value) && {
    spec_.default_value = Node(std::move(value));
    return std::move(*this);
  }
  Row required() && {
    spec_.required = true;
    return std::move(*this);
  }
  operator OptionSpec() && {
    return std::move(spec_);
  }  // NOLINT(google-explicit-constructor): ends a row

 private:
  OptionSpec spec_;
};

using Type = OptionType;
using By = Narrowing;

TableSpec top() {
  return {
      "",
      "identity",
      {Row("schema_version", Type::kInteger, By::kFree, "version of the profile format: 1")
           .range(kSchemaVersion, kSchemaVersion),
       Row("name", Type::kText, By::kFree, "name of the profile; the file's name by default"),
       Row("description", Type::kText, By::kFree, "one line for `paddock profile list`"),
       Row("extends", Type::kTexts, By::kFree,
           "names of the profiles below this one, `base` is always among them; of two values the "
           "stricter holds, in any order, and of values that may change at will the later one")}};
}

TableSpec backend() {
  return {
      "backend",
      "which plugin runs the sandbox",
      {Row("prefer", Type::kTexts, By::kSubset,
           "backend ids, best first; the first that can enforce the whole profile here is used; "
           "all backends by default"),
       Row("isolation", Type::kText, By::kStricter, "the least isolation that will do")
           .choices({"vm", "user-kernel", "shared-kernel"})
           .fallback("shared-kernel"),
       Row("warm", Type::kInteger, By::kLess,
           "how many sandboxes are kept ready: proved, with nothing of the work inside, for the "
           "next runs of the profile in the same folder")
           .range(0, 64)
           .fallback(std::int64_t{0})}};
}

TableSpec image() {
  return {
      "image",
      "root file system from an image; backends without images refuse it",
      {Row("reference", Type::kText, By::kFixed,
           "image reference, such as debian:13; the host's own /usr by default"),
       Row("digest", Type::kText, By::kFixed,
           "digest that the image must have, as a registry or the engine tells it"),
       Row("pull", Type::kText, By::kStricter,
           "when a registry is asked, or `build` is run: never, when the engine lacks the image, "
           "or at every launch")
           .choices({"never", "missing", "always"})
           .fallback("missing"),
       Row("build", Type::kText, By::kFixed,
           "Containerfile that the image is built from by the engine, outside any sandbox; "
           "relative to the profile's file"),
       Row("context", Type::kText, By::kFixed,
           "folder that the Containerfile copies from; its own by default"),
       Row("platform", Type::kText, By::kFixed,
           "OS/ARCHITECTURE that the image must be for; the engine's own by default")}};
}

TableSpec process() {
  return {
      "process",
      "what is run, and as whom",
      {Row("command", Type::kTexts, By::kFree,
           "argument vector; a command given to `paddock run` replaces it"),
       Row("cwd", Type::kText, By::kFree, "working directory inside the sandbox, absolute"),
       Row("env", Type::kTextTable, By::kFree,
           "environment variables; nothing is inherited from the caller"),
       Row("uid", Type::kInteger, By::kFixed, "user id inside the sandbox; never 0")
           .range(1, kLargestId),
       Row("gid", Type::kInteger, By::kFixed, "group id inside the sandbox; never 0")
           .range(1, kLargestId),
       Row("init", Type::kBoolean, By::kFree,
           "whether an init process forwards signals and reaps children")
           .fallback(true),
       Row("umask", Type::kText, By::kMoreBits, "file mode creation mask, octal").fallback("0022"),
       Row("hostname", Type::kText, By::kFree, "host name inside the sandbox")
           .fallback("sandbox")}};
}

TableSpec workspace() {
  return {"workspace",
          "the folders that the work may see, at /workspace",
          {Row("root", Type::kText, By::kInside,
               "host folder, absolute; mounted at /workspace unless folders are listed"),
           Row("mode", Type::kText, By::kStricter, "ro or rw, for the root itself")
               .choices({"ro", "rw"})
               .fallback("rw")}};
}

TableSpec resources() {
  return {
      "resources",
      "limits; one that cannot be enforced stops the launch unless listed in best_effort",
      {Row("memory", Type::kSize, By::kLess, "memory of all processes together")
           .range(8 * kMiB, kLargestSize),
       Row("cpus", Type::kNumber, By::kLess, "CPUs, from 0.01 on, in steps of a thousandth")
           .range(0, kMostCpus),
       Row("pids", Type::kInteger, By::kLess, "processes and threads").range(1, kMostPids),
       Row("files", Type::kInteger, By::kLess, "open files of one process").range(16, kMostFiles),
       Row("disk", Type::kSize, By::kLess, "the sandbox's own writable space, the workspace apart")
           .range(kMiB, kLargestSize),
       Row("best_effort", Type::kTexts, By::kSubset,
           "limits that may go unenforced, and are then reported")
           .choices({"memory", "cpus", "pids", "disk"})
           .fallback(Node::Array{})}};
}

TableSpec network() {
  return {"network",
          "what the sandbox can reach",
          {Row("mode", Type::kText, By::kStricter,
               "none: only its own loopback; isolated: a network of its own, where egress leads "
               "anywhere; "
               "bridge: no backend of this version")
               .choices({"none", "isolated", "bridge"})
               .fallback("none"),
           Row("egress", Type::kText, By::kStricter,
               "where an isolated network leads; none: nowhere, not even to this machine; "
               "unrestricted: wherever the engine's networks do")
               .choices({"none", "unrestricted"})
               .fallback("none"),
           Row("publish", Type::kTexts, By::kSubset,
               "ports that lead in, \"[ADDRESS:]HOST_PORT:PORT[/udp]\", at 127.0.0.1 unless an "
               "address is named; needs egress unrestricted")
               .fallback(Node::Array{})}};
}

TableSpec background() {
  return {"background",
          "what holds for a sandbox that was started with `paddock run --detach`",
          {Row("restart", Type::kText, By::kStricter,
               "whether the command is run again, in a new and newly proved sandbox, when it has "
               "ended by itself: no, on-failure (with another exit status than 0), always")
               .choices({"no", "on-failure", "always"})
               .fallback("no"),
           Row("log_size", Type::kSize, By::kLess,
               "disk space of the log; of a longer one the oldest part is removed")
               .range(kMiB, kLargestSize)
               .fallback(32 * kMiB)}};
}

}  // namespace

const std::vector<TableSpec>& core_tables() {
  static const std::vector<TableSpec> kTables = {top(),       backend(),   image(),   process(),
                                                 workspace(), resources(), network(), background()};
  return kTables;
}

const TableSpec* core_table(std::string_view name) {
  const auto& tables = core_tables();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const TableSpec& table) { return table.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

const TableSpec& mount_table() {
  static const TableSpec kTable = {
      "mounts",
      "one more mount of the sandbox, keyed by its target",
      {Row("target", Type::kText, By::kFixed, "absolute path inside the sandbox").required(),
       Row("source", Type::kText, By::kFixed, "host file or folder of a bind mount, absolute"),
       Row("volume", Type::kText, By::kFixed,
           "name of a volume, which all of your sandboxes on the same backend share and which "
           "stays"),
       Row("type", Type::kText, By::kFixed, "bind, tmpfs or volume")
           .choices({"bind", "tmpfs", "volume"})
           .fallback("bind"),
       Row("mode", Type::kText, By::kStricter, "ro or rw; a tmpfs and a volume are rw by default")
           .choices({"ro", "rw"})
           .fallback("ro"),
       Row("size", Type::kSize, By::kLess, "limit of a tmpfs").range(4096, kLargestSize),
       Row("exec", Type::kBoolean, By::kFalse, "whether programs on it may be executed")
           .fallback(true)}};
  return kTable;
}

const TableSpec& hook_table() {
  static const TableSpec kTable = {
      "hooks",
      "a plugin that acts around the sandbox's life; its own keys stand beside these",
      {Row("id", Type::kText, By::kFixed, "plugin id").required(),
       Row("phase", Type::kText, By::kFixed, "when it runs")
           .choices({"before-launch", "after-stop"})
           .required()}};
  return kTable;
}

const OptionSpec& folder_option() {
  static const OptionSpec kOption =
      Row("folders", Type::kText, By::kStricter,
          "NAME = \"ro\" or \"rw\": root/NAME at /workspace/NAME; the root itself is not mounted")
          .choices({"ro", "rw"});
  return kOption;
}

bool is_identity_key(std::string_view key) {
  return key == "schema_version" || key == "name" || key == "description" || key == "extends";
}

const std::vector<VariableSpec>& variables() {
  static const std::vector<VariableSpec> kVariables = {
      {"workspace", "the workspace's root on the host"},
      {"name", "the sandbox's name"},
      {"uid", "your user id on this machine"},
      {"gid", "your group id on this machine"},
      {"home", "your home on this machine"},
      {"user", "your user name on this machine"},
      {"cwd", "the folder in which paddock was started"},
      {"hostname", "this machine's name"}};
  return kVariables;
}

}  // namespace paddock::profile
