#include "surroundings.hpp"

#include <fcntl.h>
#include <sched.h>
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

std::map<std::string, std::string> status_of(pid_t pid, const std::vector<std::string>& keys) {
  std::map<std::string, std::string> found;
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos &&
        std::find(keys.begin(), keys.end(), line.substr(0, colon)) != keys.end()) {
      const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
      const std::size_t end = line.find_last_not_of(" \t");
      found[line.substr(0, colon)] =
          begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
    }
  }
  return found;
}

ProcessState process_state() {
  ProcessState state;
  state.facts = {"directory " + fs::current_path().string()};
  for (const auto& [key, value] :
       status_of(getpid(), {"Umask", "SigBlk", "SigIgn", "SigCgt", "NoNewPrivs", "Seccomp"})) {
    state.facts.push_back(key + ":\t" + value);
  }
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::size_t equals = std::min(text.find('='), text.size());
    state.environment[text.substr(0, equals)] = text.substr(equals);
  }
  for (const std::string& descriptor : open_descriptors()) {
    const std::size_t arrow = descriptor.find(" -> ");
    state.descriptors[descriptor.substr(0, arrow)] = descriptor.substr(arrow);
  }
  return state;
}

Sleeper::Sleeper(int namespaces) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return;
  }
  pid_ = fork();
  if (pid_ == 0) {
    const bool there = namespaces == 0 || unshare(namespaces) == 0;
    if (there && write(ends[1], "", 1) != 1) {
      _exit(1);
    }
    close(ends[0]);
    close(ends[1]);
    for (;;) {
      pause();
    }
  }
  close(ends[1]);
  char byte = 0;
  ready_ = read(ends[0], &byte, 1) == 1;
  close(ends[0]);
}

bool Sleeper::alive() const {
  return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0;
}

Sleeper::~Sleeper() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

}  // namespace paddock::testing
