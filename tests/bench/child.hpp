// Programs under measurement: started, waited for, and looked at from outside.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace paddock::bench {

/// What to start, and the files that it finds open for reading, by descriptor number.
struct Command {
  Command(std::initializer_list<std::string> words) : argv(words) {}
  Command(std::vector<std::string> words) : argv(std::move(words)) {}

  std::vector<std::string> argv;
  std::map<int, std::string> files;
};

/// Starts `command` with stdout thrown away; the pid. Ends the program when it cannot.
pid_t start(const Command& command);

/// Waits for `pid`; its exit status, or 128+n for a signal.
int wait_for(pid_t pid);

/// start() and wait_for(). Ends the program, naming the command, when the status is not `expected`:
/// a figure of a command that failed means nothing.
void run(const Command& command, int expected = 0);

/// Stdout of `command`.
std::string output_of(const Command& command);

/// `pid`'s children and theirs, at any depth.
std::vector<pid_t> descendants(pid_t pid);

/// File name of `pid`'s executable.
std::string program_of(pid_t pid);

/// Peak resident memory in MB (VmHWM of proc(5)).
double peak_memory_mb(pid_t pid);

/// The first descendant of `pid` that runs `program`, waiting up to 10 s for it.
std::optional<pid_t> await_descendant(pid_t pid, const std::string& program);

/// A new directory under $TMPDIR, with state, config and a project inside; HOME and XDG_* point
/// into it and the working directory is the project. Removed at the program's end.
class Home {
 public:
  Home();
  ~Home();
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

 private:
  std::filesystem::path root_;
};

/// The paddock under measurement, in the build tree.
std::string host_program();

}  // namespace paddock::bench
