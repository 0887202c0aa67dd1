// One stage's word on one key: it is said where its rule or the stage's rights allow it. [one
// thread]
#pragma once

#include <string>
#include <vector>

#include "profile/history.hpp"
#include "profile/rights.hpp"

namespace paddock::profile {

class LeafMerger {
 public:
  /// Both outlive it.
  LeafMerger(Rights& rights, History& history) : rights_(rights), history_(history) {}

  /// From now on `stage` speaks.
  void enter(const Stage& stage) { stage_ = &stage; }
  void merge(const std::string& path, const OptionSpec& option, const Node& value, Slot slot);
  /// `below`: what `value` is about to take the place of.
  bool is_allowed(const std::string& path,
                  const OptionSpec& option,
                  const Node& value,
                  const std::vector<const Node*>& below);

 private:
  bool root_allowed(const OptionSpec& option, const Node& value);

  Rights& rights_;
  History& history_;
  const Stage* stage_ = nullptr;
};

}  // namespace paddock::profile
