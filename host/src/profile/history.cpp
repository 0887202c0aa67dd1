#include "profile/history.hpp"

#include <algorithm>
#include <optional>

#include "profile/narrowing.hpp"

namespace paddock::profile {
namespace {

constexpr std::string_view kFolders = "workspace.folders.";

bool starts_with(const std::string& text, std::string_view prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

// Where two words of equal rank agree; of two roots the inner one.
Node meet(const std::string& path, const OptionSpec& option, const Node& a, const Node& b) {
  if (path == kRootPath) {
    return is_inside(*a.text(), *b.text()) ? a : b;
  }
  return strictest(option, a, b);
}

bool is_same_place(const SourcePos& a, const SourcePos& b) {
  return a.file == b.file && a.line == b.line && a.column == b.column;
}

// The user's own word, about to be loosened by what ships with paddock.
bool is_kept(const Word& word, const Stage& stage) {
  return stage.layer.trust == Trust::kShipped && word.stage->layer.trust != Trust::kShipped;
}

// The same text in whatever order the two were said.
void disagree(const std::string& path,
              std::pair<const Node*, const Node*> values,
              Problems& problems) {
  if (place_text(values.second->where) < place_text(values.first->where)) {
    std::swap(values.first, values.second);
  }
  const auto& [one, two] = values;
  Error& error = problems.add(ErrorCode::kBadValue, two->where,
                              "two parents of this profile disagree on '" + path +
                                  "': " + to_json(*one) + " and " + to_json(*two));
  error.context.push_back(problems.cited("the other is", one->where));
  error.hints.push_back("say it in the profile that extends them, if that is yours");
}

}  // namespace

bool is_inside(const std::string& path, const std::string& directory) {
  if (directory.empty() || path.compare(0, directory.size(), directory) != 0) {
    return false;
  }
  return path.size() == directory.size() || directory.back() == '/' ||
         path[directory.size()] == '/';
}

bool loosens_at(const std::string& path,
                const OptionSpec& option,
                const Node& before,
                const Node& after) {
  return path == kRootPath ? !is_inside(*after.text(), *before.text())
                           : loosens(option, before, after);
}

bool History::is_below(const Stage& lower, const Stage& upper) const {
  return lower.file == upper.file || upper.kind == StageKind::kSet ||
         (lower.kind != StageKind::kSet && lineage_.ancestors[upper.file][lower.file]);
}

std::vector<const Node*> History::below(const std::string& path, const Stage& stage) const {
  std::vector<const Node*> out;
  if (const auto key = keys_.find(path); key != keys_.end()) {
    for (const Word& word : key->second.words) {
      if (word.stands && is_below(*word.stage, stage)) {
        out.push_back(word.value);
      }
    }
  }
  return out;
}

bool History::any_below(const std::string& prefix, const Stage& stage) const {
  for (auto key = keys_.lower_bound(prefix); key != keys_.end() && starts_with(key->first, prefix);
       ++key) {
    if (!below(key->first, stage).empty()) {
      return true;
    }
  }
  return false;
}

void History::say(const std::string& path,
                  const OptionSpec& option,
                  const Node& value,
                  const Stage& stage,
                  Slot slot) {
  Key& key = keys_[path];
  key.option = &option;
  key.slot = std::move(slot);
  const bool ordered = option.narrowing != Narrowing::kFixed;
  bool stands = true;
  for (Word& word : key.words) {
    if (!word.stands || !is_below(*word.stage, stage)) {
      continue;
    }
    word.stands = is_kept(word, stage) && loosens_at(path, option, *word.value, value);
    stands = stands && (ordered || !word.stands);  // without an order there is no meeting half-way
  }
  key.words.push_back({&value, &stage, stands});
  settle(path, key);
}

void History::retract(const std::string& prefix, const Stage& stage) {
  for (auto key = keys_.lower_bound(prefix); key != keys_.end() && starts_with(key->first, prefix);
       ++key) {
    for (Word& word : key->second.words) {
      word.stands = word.stands && !is_below(*word.stage, stage);
    }
    settle(key->first, key->second);
  }
}

void History::settle(const std::string& path, Key& key) {
  std::optional<Node> merged;
  for (const Word& word : key.words) {
    if (word.stands) {
      merged = merged ? meet(path, *key.option, *merged, *word.value) : *word.value;
    }
  }
  if (merged) {
    (*key.slot.table)[key.slot.key] = std::move(*merged);
  } else {
    key.slot.table->erase(key.slot.key);
  }
}

bool History::has_folders() const {
  const auto key = keys_.lower_bound(std::string(kFolders));
  return key != keys_.end() && starts_with(key->first, kFolders);
}

// A word that stands beside `merged` and does not agree to it.
const Word* History::rival(const std::string& path, const Key& key, const Node& merged) const {
  // An empty list of backends would mean any of them.
  const bool nobody =
      path == "backend.prefer" && merged.array() != nullptr && merged.array()->empty();
  // Folders are root/NAME: below another root the same names are other folders.
  const bool placed = path == kRootPath && has_folders();
  const auto found = std::find_if(key.words.begin(), key.words.end(), [&](const Word& word) {
    return word.stands && !is_same_place(word.value->where, merged.where) &&
           (nobody || loosens_at(path, *key.option, *word.value, merged) ||
            (placed && *word.value->text() != *merged.text()));
  });
  return found == key.words.end() ? nullptr : &*found;
}

void History::keep_lower(const Key& key, Node& merged) {
  for (auto word = key.words.rbegin(); word != key.words.rend(); ++word) {
    if (!is_same_place(word->value->where, merged.where) &&
        !same_value(*key.option, *word->value, merged)) {
      merged.lower.push_back(*word->value);
    }
  }
}

void History::close(Problems& problems) {
  for (auto& [path, key] : keys_) {
    const auto merged = key.slot.table->find(key.slot.key);
    if (merged == key.slot.table->end()) {
      continue;
    }
    if (const Word* other = rival(path, key, merged->second)) {
      disagree(path, {other->value, &merged->second}, problems);
    }
    keep_lower(key, merged->second);
  }
}

}  // namespace paddock::profile
