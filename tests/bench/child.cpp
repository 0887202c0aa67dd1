#include "child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace paddock::bench {
namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  std::exit(2);
}

std::string joined(const Command& command) {
  std::string text;
  for (const std::string& word : command.argv) {
    text += text.empty() ? word : " " + word;
  }
  return text;
}

pid_t spawn(const Command& command, int output) {
  std::vector<char*> argv;
  for (const std::string& word : command.argv) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (output >= 0) {
    posix_spawn_file_actions_adddup2(&actions, output, 1);
  }
  if (output < 0) {
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  }
  for (const auto& [number, path] : command.files) {
    posix_spawn_file_actions_addopen(&actions, number, path.c_str(), O_RDONLY, 0);
  }
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    give_up("cannot start '" + joined(command) + "': " + std::strerror(failed));
  }
  return pid;
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string proc(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

}  // namespace

pid_t start(const Command& command) {
  return spawn(command, -1);
}

int wait_for(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) < 0) {
    give_up("cannot wait for a child");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void run(const Command& command, int expected) {
  const int status = wait_for(start(command));
  if (status != expected) {
    give_up("status " + std::to_string(status) + " from '" + joined(command) + "'");
  }
}

std::string output_of(const Command& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    give_up("cannot make a pipe");
  }
  const pid_t pid = spawn(command, ends[1]);
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  wait_for(pid);
  return text;
}

std::vector<pid_t> descendants(pid_t pid) {
  std::vector<pid_t> found;
  std::error_code gone;  // a process may end while it is looked at
  for (const auto& task : std::filesystem::directory_iterator(proc(pid, "task"), gone)) {
    std::istringstream children(file_text(task.path().string() + "/children"));
    for (pid_t child = 0; children >> child;) {
      found.push_back(child);
      for (const pid_t grandchild : descendants(child)) {
        found.push_back(grandchild);
      }
    }
  }
  return found;
}

std::string program_of(pid_t pid) {
  std::error_code gone;
  return std::filesystem::read_symlink(proc(pid, "exe"), gone).filename().string();
}

double peak_memory_mb(pid_t pid) {
  std::istringstream text(file_text(proc(pid, "status")));
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("VmHWM:", 0) == 0) {
      return std::atof(line.c_str() + 6) / 1024;
    }
  }
  give_up("no VmHWM for process " + std::to_string(pid));
}

std::optional<pid_t> await_descendant(pid_t pid, const std::string& program) {
  for (int tries = 0; tries < 2000; ++tries) {
    for (const pid_t candidate : descendants(pid)) {
      if (program_of(candidate) == program) {
        return candidate;
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return std::nullopt;
}

Home::Home() {
  std::string name = (std::filesystem::temp_directory_path() / "paddock-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    give_up("cannot make '" + name + "'");
  }
  root_ = name;
  for (const char* part : {"config", "state", "data", "cache", "run", "project"}) {
    std::filesystem::create_directory(root_ / part);
    std::filesystem::permissions(root_ / part, std::filesystem::perms::owner_all);
  }
  setenv("HOME", name.c_str(), 1);
  setenv("XDG_CONFIG_HOME", (root_ / "config").c_str(), 1);
  setenv("XDG_STATE_HOME", (root_ / "state").c_str(), 1);
  setenv("XDG_DATA_HOME", (root_ / "data").c_str(), 1);
  setenv("XDG_CACHE_HOME", (root_ / "cache").c_str(), 1);
  setenv("XDG_RUNTIME_DIR", (root_ / "run").c_str(), 1);
  std::filesystem::current_path(root_ / "project");
}

Home::~Home() {
  std::error_code ignored;
  std::filesystem::current_path("/", ignored);
  std::filesystem::remove_all(root_, ignored);
}

std::string host_program() {
  return PADDOCK_BENCH_PADDOCK;
}

}  // namespace paddock::bench
