// A sandbox by plain bwrap(1), whose options a test can leave out or change one at a time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/gate/gate_process.hpp"
#include "host/proof/sample.hpp"

namespace paddock::test {

/// bwrap's options in groups that have names: {"net", {"--unshare-net"}}.
class BwrapOptions {
 public:
  /// Everything that `sample` asks for.
  explicit BwrapOptions(const Sample& sample);

  void drop(const std::string& name);
  void replace(const std::string& name, std::vector<std::string> words);
  /// Behind all others that build the tree.
  void add(std::vector<std::string> words) { groups_.emplace_back("added", std::move(words)); }
  std::vector<std::string> words() const;

 private:
  void group(std::string name, std::vector<std::string> words) {
    groups_.emplace_back(std::move(name), std::move(words));
  }
  void add_system(const Sample& sample);
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
};

/// A gate waiting in a sandbox.
class BwrapSandbox {
 public:
  /// `stdin_fd`: -1 for /dev/null.
  explicit BwrapSandbox(const BwrapOptions& options, int stdin_fd = -1);
  proof::GateChannel& channel() { return bwrap_.channel(); }
  /// Of the gate itself, as the host sees it.
  pid_t pid() const { return pid_; }

 private:
  GateProcess bwrap_;
  pid_t pid_ = 0;
};

}  // namespace paddock::test
