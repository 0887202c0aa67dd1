// The base plan while it is being built: typed reads from the profile's tree, and where each leaf
// came from. Problems are collected, so that one run shows them all. [one thread]
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/plan.hpp"

namespace paddock::plan {

class Builder {
 public:
  Builder(const profile::Profile& from_profile, const LaunchFacts& launch_facts);

  const profile::Profile& profile;
  const LaunchFacts& facts;
  Draft draft;

  contract::Plan& plan() { return draft.plan; }

  /// The node at dotted `path`, or null.
  const Node* find(std::string_view path) const { return profile.root.find(path); }
  /// Reads one value; a wrong type is a problem and gives nothing.
  std::optional<std::string> text(const Node* node, std::string_view name);
  std::optional<bool> boolean(const Node* node, std::string_view name);
  std::optional<std::uint64_t> unsigned_integer(const Node* node, std::string_view name);
  std::optional<std::uint64_t> size(const Node* node, std::string_view name);  ///< bytes
  std::vector<std::string> texts(const Node* node, std::string_view name);

  /// `pointer` is a leaf that `node` set.
  void came_from(std::string pointer, const Node* node);
  void problem(const Node* node, ErrorCode code, std::string what, std::string hint = {});
  void problem(Error error);
  /// About the value that `node` set: only an aside where a shipped profile did.
  void notice(const Node* node, std::string line);

  /// The draft with an origin for every leaf, or all problems.
  Result<Draft> finish() &&;

 private:
  std::map<std::string, const Node*> sources_;
  std::vector<Error> problems_;
};

/// `value` for people: an environment variable's may be a secret, and is never shown.
std::string shown_value(std::string_view pointer, std::string value);

/// All of `problems` as one error: the first, with the others in Error::others. Not empty.
Error collect(std::vector<Error> problems);

}  // namespace paddock::plan
