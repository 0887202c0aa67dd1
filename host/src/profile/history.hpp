// What every layer said of each key, and which of it stands: a layer's word takes the place of the
// words below it, and words of which neither is below the other (two parents of one profile) meet
// at the strictest. Says nothing of who may say what. [one thread]
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/option.hpp"
#include "profile/problems.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {

/// The row of this path has a rule of its own: it may move further in (is_inside), no more.
inline constexpr std::string_view kRootPath = "workspace.root";

/// Whether `path` is `directory` or inside it, as text; both are absolute and normal.
bool is_inside(const std::string& path, const std::string& directory);

/// loosens(), by the rule of `path`.
bool loosens_at(const std::string& path,
                const OptionSpec& option,
                const Node& before,
                const Node& after);

/// Where the merged value of a key is kept.
struct Slot {
  Node::Table* table;
  std::string key;
};

/// One layer's word on a key. Value and stage outlive the merge.
struct Word {
  const Node* value;
  const Stage* stage;
  bool stands = true;
};

class History {
 public:
  explicit History(const Lineage& lineage) : lineage_(lineage) {}

  /// Whether what `lower` said was said to `upper`: by the same file, or one that it extends.
  bool is_below(const Stage& lower, const Stage& upper) const;

  /// The standing words on `path` below `stage`, in the order in which they were said.
  std::vector<const Node*> below(const std::string& path, const Stage& stage) const;
  /// Whether anything below `stage` stands on a path that starts with `prefix`.
  bool any_below(const std::string& prefix, const Stage& stage) const;

  /// `stage` says `value` of `path`; the slot gets what now holds. What a shipped layer would
  /// loosen of the user's own stands on.
  void say(const std::string& path,
           const OptionSpec& option,
           const Node& value,
           const Stage& stage,
           Slot slot);
  /// Takes back whatever stands below `stage` on paths that start with `prefix`.
  void retract(const std::string& prefix, const Stage& stage);

  /// Records as problems the words that stand and cannot meet, and gives each merged value the
  /// words that it overrides (Node::lower).
  void close(Problems& problems);

 private:
  struct Key {
    const OptionSpec* option = nullptr;
    Slot slot{};
    std::vector<Word> words;
  };
  using Keys = std::map<std::string, Key>;

  void settle(const std::string& path, Key& key);
  const Word* rival(const std::string& path, const Key& key, const Node& merged) const;
  bool has_folders() const;
  static void keep_lower(const Key& key, Node& merged);

  const Lineage& lineage_;
  Keys keys_;  // by dotted path
};

}  // namespace paddock::profile
