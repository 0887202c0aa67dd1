#include "surroundings.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace paddock::testing {
namespace {

namespace fs = std::filesystem;

// The parent of a process by /proc/PID/stat, 0 when it is gone. Its name may hold anything, so the
// fields are counted from the last ')'.
pid_t parent_of(const fs::path& directory) {
  std::ifstream file(directory / "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t close = line.rfind(')');
  if (close == std::string::npos || close + 4 >= line.size()) {
    return 0;
  }
  return static_cast<pid_t>(std::strtol(line.c_str() + close + 4, nullptr, 10));
}

}  // namespace

std::vector<std::string> open_descriptors() {
  std::vector<std::string> found;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    const std::string target = fs::read_symlink(entry.path(), gone).string();
    if (!gone && !target.ends_with("/fd")) {  // the iterator's own
      found.push_back(entry.path().filename().string() + " -> " + target);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<pid_t> child_processes() {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    std::from_chars(name.data(), name.data() + name.size(), pid);
    if (pid > 0 && parent_of(entry.path()) == getpid()) {
      found.push_back(pid);
    }
  }
  return found;
}

std::vector<std::string> entries(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    found.push_back(fs::relative(entry.path(), directory).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> process_state() {
  std::vector<std::string> state = {"directory " + fs::current_path().string()};
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    for (const char* key : {"Umask", "SigBlk", "SigIgn", "SigCgt", "NoNewPrivs", "Seccomp:"}) {
      if (line.starts_with(key)) {
        state.push_back(line);
      }
    }
  }
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string text = *variable;
    state.push_back("environment variable " + text.substr(0, text.find('=')));
  }
  return state;
}

Sleeper::Sleeper() : pid_(fork()) {
  if (pid_ == 0) {
    for (;;) {
      pause();
    }
  }
}

Sleeper::~Sleeper() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

}  // namespace paddock::testing
