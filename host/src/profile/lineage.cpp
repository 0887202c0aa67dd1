#include "profile/lineage.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "profile/check.hpp"

namespace paddock::profile {
namespace {

class Collector {
 public:
  Collector(const Context& context, Problems& problems) : context_(context), problems_(problems) {}

  Lineage collect(const std::string& argument) {
    // `base` goes first: whatever a profile extends or leaves out, it stands on it.
    auto named = visit(open_profile("base", context_, problems_), SourcePos{});
    if (argument != "base") {
      sound_below_ = problems_.empty();
      named = visit(open_profile(argument, context_, problems_), SourcePos{});
    }
    lineage_.mergeable = named && sound_below_;
    return std::move(lineage_);
  }

 private:
  // Adds the file after its parents; its index, or nothing when it cannot be used.
  std::optional<std::size_t> visit(Result<SourceFile> opened, const SourcePos& where) {
    if (!opened) {
      problems_.add(std::move(opened).error());
      return std::nullopt;
    }
    const std::string key = opened->path.string();
    if (const auto known = done_.find(key); known != done_.end()) {
      return known->second;
    }
    if (reports_loop(key, opened->layer.name, where) || reports_depth(where)) {
      return std::nullopt;
    }
    SourceFile file = std::move(*opened);
    const std::vector<std::string> wrong =
        check_shape(file.root, context_, Shape::kFile, problems_);
    drop_keys(file.root, wrong);
    const bool names_parents = std::find(wrong.begin(), wrong.end(), "extends") == wrong.end();
    const std::size_t before = problems_.count();
    chain_.push_back({key, file.layer.name});
    // A problem elsewhere in the file does not hide the problems of its parents.
    const auto parents = names_parents ? visit_parents(file) : std::vector<Parent>{};
    sound_below_ = sound_below_ && names_parents && problems_.count() == before;
    chain_.pop_back();
    return add(std::move(file), key, std::move(parents));
  }

  std::vector<Parent> visit_parents(const SourceFile& file) {
    std::vector<Parent> parents;
    for (std::size_t i = 0; i < file.extends.size(); ++i) {
      const Node& name = file.extends[i];
      if (lineage_.files.size() > kMostFiles) {
        break;
      }
      auto parent = visit(open_parent(*name.text(), name.where, context_, problems_), name.where);
      if (parent) {
        parents.push_back({*parent, i});
      }
    }
    return parents;
  }

  std::size_t add(SourceFile file, const std::string& key, std::vector<Parent> parents) {
    const std::size_t index = lineage_.files.size();
    std::vector<bool> below(index, false);
    if (index > 0) {
      below[0] = true;
    }
    for (const Parent& parent : parents) {
      below[parent.file] = true;
      const std::vector<bool>& more = lineage_.ancestors[parent.file];
      for (std::size_t i = 0; i < more.size(); ++i) {
        below[i] = below[i] || more[i];
      }
    }
    lineage_.files.push_back(std::move(file));
    lineage_.ancestors.push_back(std::move(below));
    lineage_.parents.push_back(std::move(parents));
    done_.emplace(key, index);
    return index;
  }

  bool reports_loop(const std::string& key, const std::string& name, const SourcePos& where) {
    const auto start = std::find_if(chain_.begin(), chain_.end(),
                                    [&](const Link& link) { return link.key == key; });
    if (start == chain_.end()) {
      return false;
    }
    std::vector<std::string> loop;
    for (auto link = start; link != chain_.end(); ++link) {
      loop.push_back(link->name);
    }
    loop.push_back(name);
    problems_.add(ErrorCode::kExtendsCycle, where,
                  "profiles extend each other in a loop: " + join(loop, " -> "));
    return true;
  }

  bool reports_depth(const SourcePos& where) {
    const bool chain = chain_.size() >= kLongestChain;
    if (!chain && lineage_.files.size() < kMostFiles) {
      return false;
    }
    problems_.add(
        ErrorCode::kExtendsDepth, where,
        chain ? "the chain of extends is longer than " + std::to_string(kLongestChain) + " profiles"
              : "more than " + std::to_string(kMostFiles) + " profiles are extended");
    return true;
  }

  struct Link {
    std::string key;
    std::string name;
  };

  const Context& context_;
  Problems& problems_;
  Lineage lineage_;
  std::map<std::string, std::size_t> done_;
  std::vector<Link> chain_;
  bool sound_below_ = true;
};

}  // namespace

Lineage collect_lineage(const std::string& argument, const Context& context, Problems& problems) {
  return Collector(context, problems).collect(argument);
}

}  // namespace paddock::profile
