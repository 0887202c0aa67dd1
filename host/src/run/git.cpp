#include "run/git.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "os/process.hpp"

namespace paddock::run {
namespace {

constexpr std::array kPlaces = {"/usr/bin/git", "/bin/git", "/usr/local/bin/git"};
constexpr std::chrono::minutes kDeadline{30};

/// The whole environment. git-config(1), git(1): what would make it read or run more.
const std::vector<std::string>& environment() {
  static const std::vector<std::string> words{"PATH=/usr/bin:/bin:/usr/local/bin",
                                              "HOME=/nonexistent",
                                              "LC_ALL=C",
                                              "GIT_CONFIG_NOSYSTEM=1",
                                              "GIT_CONFIG_GLOBAL=/dev/null",
                                              "GIT_ATTR_NOSYSTEM=1",
                                              "GIT_TERMINAL_PROMPT=0",
                                              "GIT_NO_LAZY_FETCH=1",
                                              "GIT_NO_REPLACE_OBJECTS=1",
                                              "GIT_OPTIONAL_LOCKS=0",
                                              "GIT_ALLOW_PROTOCOL=file"};
  return words;
}

/// Of the repositories' own configuration there is none; this is for what ours leaves open.
const std::vector<std::string>& settings() {
  static const std::vector<std::string> words{
      "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
      "-c", "core.pager=cat",           "-c", "gc.auto=0",
      "-c", "maintenance.auto=false"};
  return words;
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return printable(text.substr(text.rfind('\n') + 1));
}

bool is_branch_part(const std::string& part) {
  const auto is_plain = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == '-';
  };
  return !part.empty() && std::all_of(part.begin(), part.end(), is_plain) && part.front() != '.' &&
         part.front() != '-' && part.back() != '.' && !part.ends_with(".lock") &&
         part.find("..") == std::string::npos;
}

}  // namespace

Result<Git> Git::find() {
  for (const char* place : kPlaces) {
    if (::access(place, X_OK) == 0) {
      return Git(place);
    }
  }
  return fail(ErrorCode::kBackendMissing, "git is not installed",
              "install the package 'git', or run without --worktree");
}

Result<std::string> Git::run(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{"/usr/bin/env", "-i"};
  words.insert(words.end(), environment().begin(), environment().end());
  words.push_back(program_);
  words.insert(words.end(), settings().begin(), settings().end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto ran = os::capture(words, kDeadline);
  if (!ran) {
    return fail_as(ran);
  }
  return ran->status == 0 ? Result<std::string>(ran->out)
                          : fail(ErrorCode::kSystem, "git cannot do it: " + last_line(ran->err));
}

bool is_branch_name(const std::string& text) {
  constexpr std::size_t kLongest = 200;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    if (!is_branch_part(text.substr(at, end - at))) {
      return false;
    }
    at = end + 1;
  }
  return text.size() <= kLongest && text != "HEAD";
}

}  // namespace paddock::run
