// The real program in a world of its own: a home, XDG directories and a project folder under a
// temporary directory, as this user or, where the tests run as root, as an ordinary one.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"

namespace paddock::test {

/// How a program ended and what it wrote.
struct Ran {
  int status = -1;  ///< 0-255, or 128+n for signal n
  std::string out;
  std::string err;
};

/// A program under way. The destructor kills and reaps what still runs.
class Started {
 public:
  Started(pid_t pid, int in, int out, int err);
  Started(Started&& other) noexcept;
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  Started& operator=(Started&&) = delete;
  ~Started();

  pid_t pid() const { return pid_; }
  void kill(int signal) const;
  void write(const std::string& text) const;
  void close_input();
  void close_output();
  /// Reads standard output until it holds `text`, at most 30 s; whether it does.
  bool await_output(const std::string& text);
  /// Whether it ends within `deadline`; wait() then tells how.
  bool await_exit(std::chrono::seconds deadline);
  /// Everything until it ended, at most 60 s; then it is killed and the status is -1.
  Ran wait();

 private:
  bool pump(int timeout_ms);
  pid_t pid_;
  int in_, out_, err_;
  std::string out_text_, err_text_;
};

class World {
 public:
  /// `uid`: who runs paddock; the caller by default. Everything in the world belongs to them.
  explicit World(uid_t uid = ::geteuid());
  ~World();

  std::filesystem::path root() const { return dir_.path(); }
  std::filesystem::path home() const { return dir_ / "home"; }
  std::filesystem::path project() const { return dir_ / "project"; }
  std::filesystem::path state() const { return dir_ / "state/paddock"; }
  std::filesystem::path plugins() const { return dir_ / "data/paddock/plugins"; }
  std::filesystem::path profiles() const { return dir_ / "config/paddock/profiles"; }

  /// Writes a file that belongs to the world's user.
  void write(const std::filesystem::path& path, const std::string& text) const;
  /// A profile of the user's own: schema_version and `body`.
  void profile(const std::string& name, const std::string& body) const;
  /// Plugin `id` as one of the user's own, from the files that were made elsewhere.
  void install(const std::string& id,
               const std::filesystem::path& manifest,
               const std::filesystem::path& library) const;
  /// The SDK's example hook.
  void install_run_log() const;
  /// A plugin of tests/fixtures, as `library` of its variants.
  void install_fixture(const std::string& id, const std::string& library) const;
  /// The conformance suite's backend, which enforces nothing of what it says.
  void install_liar_backend() const;

  std::map<std::string, std::string> environment;  ///< of paddock
  std::optional<std::filesystem::path> program;    ///< instead of build/bin/paddock
  std::function<void()> in_child;  ///< called after fork, in the project, before exec
  std::vector<gid_t> groups;       ///< supplementary, of another user than ours

  Started start(const std::vector<std::string>& arguments) const;
  Ran run(const std::vector<std::string>& arguments, const std::string& input = {}) const;
  /// `sh -c SCRIPT` outside, as the world's user without capabilities: for controls.
  Ran outside(const std::string& script) const;
  /// `paddock run quickstart -- sh -c SCRIPT`.
  Ran shell(const std::string& script, const std::string& profile = "quickstart") const;
  /// Waits until `name` is listed as running, at most 30 s.
  bool await_running(const std::string& name) const;

  /// Argument vector of paddock for other ways of starting it.
  std::vector<std::string> argv(const std::vector<std::string>& arguments) const;
  std::vector<std::string> envp() const;
  uid_t uid() const { return uid_; }

 private:
  Started start_words(std::vector<std::string> words) const;
  TempDir dir_;
  uid_t uid_;
};

/// Standard error without paddock's notices about limits of this machine.
std::string messages(const Ran& ran);

/// The users that paddock is tried as: ourselves, and an ordinary one when we are root and that
/// one can reach the build tree.
std::vector<uid_t> users();

/// Why sandboxes cannot be made here (no bwrap, no user namespaces); empty when they can.
std::string no_sandboxes();

/// Whether strace(1) works here.
bool can_trace();

/// Polls `condition` for at most 30 s.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds deadline = std::chrono::seconds(30));

/// What is left of a world's sandboxes: processes, state directories, mounts, and control groups
/// of those that its state knows and of `instances`.
std::vector<std::string> residue(const World& world, std::vector<std::string> instances = {});
/// Instances of the sandboxes, running or ended, that a world's state knows.
std::vector<std::string> instances_of(const World& world);

/// PIDs of processes whose environment or arguments hold `marker`.
std::vector<pid_t> processes_with(const std::string& marker);

}  // namespace paddock::test

/// Ends the test as skipped where there can be no sandbox.
#define NEEDS_SANDBOXES()                                                        \
  if (const std::string reason = paddock::test::no_sandboxes(); !reason.empty()) \
  PADDOCK_SKIP(reason)
