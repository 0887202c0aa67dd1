// Random stacks of layers: whatever a layer without the right to widen says, the outcome grants
// nothing that it did not grant before. The judge below shares no code with the merge.
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "base/units.hpp"
#include "host/profile/world.hpp"
#include "profile/merge.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

using profile::Stage;
using profile::StageKind;

#ifdef __OPTIMIZE__
constexpr int kStacks = 100'000;
#else
constexpr int kStacks = 20'000;  // half a millisecond each, and far more under sanitizers
#endif

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  bool coin(int of = 2) { return pick(of) == 0; }
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  Node layer() {
    Node root;
    put(root, "network", "mode", name({"none", "isolated", "bridge"}));
    put(root, "backend", "isolation", name({"vm", "user-kernel", "shared-kernel"}));
    Node prefer = names({"a", "b", "c"});
    if (!prefer.array()->empty()) {
      put(root, "backend", "prefer", std::move(prefer));
    }
    put(root, "process", "umask", name({"0022", "0027", "0077", "0000", "0002", "0070"}));
    put(root, "process", "uid", Node(std::int64_t{1000 + pick(2)}));
    put(root, "process", "init", Node(coin()));
    put(root, "resources", "memory", size());
    put(root, "resources", "cpus",
        coin() ? Node(std::int64_t{1 + pick(4)}) : Node(pick(40) / 8.0 + 0.1));
    put(root, "resources", "pids", Node(std::int64_t{1 + pick(5)}));
    put(root, "resources", "best_effort", names({"memory", "cpus", "pids"}));
    put(root, "workspace", "mode", name({"ro", "rw"}));
    put(root, "workspace", "root", name({"/w", "/w/a", "/w/a/b", "/x", "/wx"}));
    if (coin(5)) {
      table(root, "workspace")["folders"] = folders();
    }
    put_plugin(root);
    if (coin(4)) {
      std::get<Node::Table>(root.value)["mounts"] = mounts();
    }
    return root;
  }

 private:
  static Node::Table& table(Node& root, const std::string& name) {
    return std::get<Node::Table>(std::get<Node::Table>(root.value)[name].value);
  }

  void put(Node& root, const std::string& name, const std::string& key, Node value) {
    if (coin(4)) {
      table(root, name)[key] = std::move(value);
    }
  }

  void put_plugin(Node& root) {
    Node::Table options;
    if (coin(3)) options["keep"] = names({"CAP_A", "CAP_B", "CAP_C"});
    if (coin(3)) options["masked_paths"] = names({"/p", "/q", "/r"});
    if (coin(3)) options["nofile"] = Node(std::int64_t{16 + pick(4)});
    if (coin(3)) {
      Node::Table ids;
      ids[coin(4) ? "extra" : "baseline"] = Node(std::move(options));
      std::get<Node::Table>(root.value)["hardener"] = Node(std::move(ids));
    }
  }

  Node name(const std::vector<std::string>& of) {
    return Node(of[static_cast<std::size_t>(pick(static_cast<int>(of.size())))]);
  }

  Node names(const std::vector<std::string>& of) {
    Node::Array items;
    for (const std::string& item : of) {
      if (coin()) {
        items.emplace_back(item);
      }
    }
    return Node(std::move(items));
  }

  Node size() {
    return coin() ? name({"1GiB", "1GB", "512MiB"}) : Node(std::int64_t{1073741823 + pick(3)});
  }

  Node folders() {
    Node::Table out;
    for (const char* folder : {"a", "b"}) {
      if (coin()) {
        out[folder] = name({"ro", "rw"});
      }
    }
    return Node(std::move(out));
  }

  Node mounts() {
    Node::Array out;
    for (const char* target : {"/m", "/workspace/a"}) {
      if (coin()) {
        Node::Table entry{{"target", Node(std::string(target))},
                          {"source", name({"/s", "/w/a", "/t"})}};
        if (coin()) entry["mode"] = name({"ro", "rw"});
        if (coin(3)) entry["exec"] = Node(coin());
        out.emplace_back(std::move(entry));
      }
    }
    return Node(std::move(out));
  }

  std::mt19937_64 random_;
};

// What a merged tree allows, each as "more is looser" or as a set of things granted.
class Powers {
 public:
  explicit Powers(const Node& root) : root_(root) {
    lists_["backend.prefer"] = list("backend.prefer", {"a", "b", "c"});
    lists_["resources.best_effort"] = list("resources.best_effort", {});
    lists_["keep"] = list("hardener.baseline.keep", {});
    for (const std::string path : {"/p", "/q", "/r"}) {
      if (list("hardener.baseline.masked_paths", {}).count(path) == 0) {
        lists_["unmasked"].insert(path);
      }
    }
    numbers_["network"] = rank("network.mode", {"none", "isolated", "bridge"}, 0);
    numbers_["isolation"] = rank("backend.isolation", {"vm", "user-kernel", "shared-kernel"}, 2);
    numbers_["memory"] = amount("resources.memory");
    numbers_["cpus"] = amount("resources.cpus");
    numbers_["pids"] = amount("resources.pids");
    numbers_["nofile"] = amount("hardener.baseline.nofile");
    for (unsigned bit = 0; bit < 9; ++bit) {
      const std::string mask = text("process.umask", "0022");
      if (((std::stoul(mask, nullptr, 8) >> bit) & 1) == 0) {
        lists_["umask"].insert(std::to_string(bit));
      }
    }
    add_paths();
  }

  // The first thing that `after` allows and this does not; empty when there is none.
  std::string gained_by(const Powers& after) const {
    for (const auto& [name, number] : after.numbers_) {
      if (number > numbers_.at(name)) {
        return name;
      }
    }
    for (const auto& [name, items] : after.lists_) {
      for (const std::string& item : items) {
        const auto mine = lists_.find(name);
        if (mine == lists_.end() || mine->second.count(item) == 0) {
          return name + " " + item;
        }
      }
    }
    for (const std::string& path : after.paths_) {
      if (!covers(path)) {
        return "path " + path;
      }
    }
    return after.uid_ != uid_ || after.plugins_ > plugins_ ? "uid or plugin" : "";
  }

 private:
  // "r /host/path" or "w /host/path", each granting everything below.
  void add_paths() {
    const std::string root = text("workspace.root", "");
    const Node* folders = root_.find("workspace.folders");
    if (!root.empty() && folders != nullptr && !folders->table()->empty()) {
      for (const auto& [name, mode] : *folders->table()) {
        add(*mode.text(), root + "/" + name);
      }
    } else if (!root.empty()) {
      add(text("workspace.mode", "rw"), root);
    }
    if (const Node* mounts = root_.find("mounts")) {
      for (const Node& mount : *mounts->array()) {
        const Node* mode = mount.find("mode");
        const Node* exec = mount.find("exec");
        add(mode == nullptr ? "ro" : *mode->text(), *mount.find("source")->text());
        if (exec == nullptr || *exec->boolean()) {
          lists_["exec"].insert(*mount.find("target")->text());
        }
      }
    }
    if (const Node* uid = root_.find("process.uid")) {
      uid_ = *uid->integer();
    }
    if (const Node* hardeners = root_.find("hardener")) {
      plugins_ = hardeners->table()->size();
    }
    // A part of the workspace shown at its own place is executable where the workspace is.
    if (lists_["exec"].count("/workspace/a") != 0) {
      lists_["exec"].erase("/workspace/a");
    }
  }

  void add(const std::string& mode, const std::string& path) {
    paths_.insert("r " + path);
    if (mode == "rw") {
      paths_.insert("w " + path);
    }
  }

  bool covers(const std::string& path) const {
    for (const std::string& own : paths_) {
      if (path == own || path.rfind(own + "/", 0) == 0) {
        return true;
      }
    }
    return false;
  }

  std::string text(const char* path, const std::string& fallback) const {
    const Node* node = root_.find(path);
    return node == nullptr ? fallback : *node->text();
  }

  std::set<std::string> list(const char* path, std::set<std::string> fallback) const {
    const Node* node = root_.find(path);
    if (node == nullptr) {
      return fallback;
    }
    std::set<std::string> out;
    for (const Node& item : *node->array()) {
      out.insert(*item.text());
    }
    return out;
  }

  double rank(const char* path, const std::vector<std::string>& order, double fallback) const {
    const Node* node = root_.find(path);
    for (std::size_t i = 0; node != nullptr && i < order.size(); ++i) {
      if (order[i] == *node->text()) {
        return static_cast<double>(i);
      }
    }
    return fallback;
  }

  double amount(const char* path) const {
    const Node* node = root_.find(path);
    if (node == nullptr) {
      return INFINITY;
    }
    if (node->text() != nullptr) {
      return static_cast<double>(*parse_size(*node->text()));
    }
    return node->integer() != nullptr ? static_cast<double>(*node->integer())
                                      : std::get<double>(node->value);
  }

  const Node& root_;
  std::map<std::string, double> numbers_;
  std::map<std::string, std::set<std::string>> lists_;
  std::set<std::string> paths_;
  std::int64_t uid_ = 0;
  std::size_t plugins_ = 0;
};

class Stack {
 public:
  Stack(Generator& random, const profile::Context& context) : context_(context) {
    const int trusted = 1 + random.pick(3);
    for (int i = 0; i < trusted; ++i) {
      Node tree = random.layer();
      if (i == 0) {
        std::get<Node::Table>(tree.value)["workspace"] =
            Node(Node::Table{{"root", Node(std::string("/w"))}});
      }
      add(std::move(tree), StageKind::kFile, true, random);
    }
    add(random.layer(), StageKind::kFile, false, random);
    if (random.coin()) {
      add(random.layer(), StageKind::kOverride, false, random);
    }
    if (random.coin()) {
      add(random.layer(), StageKind::kSet, false, random);
    }
    below_ = static_cast<std::size_t>(trusted);
  }

  // The first `count` stages merged; nothing when they are refused.
  std::optional<Node> merged(std::size_t count) const {
    profile::Problems problems;
    const std::vector<Stage> part(stages_.begin(), stages_.begin() + static_cast<long>(count));
    auto merged = profile::merge_stages(part, lineage_, context_, problems);
    return problems.empty() ? std::optional(std::move(merged.root)) : std::nullopt;
  }

  // Whether the stages without --set are refused, and what they gain once approved.
  std::pair<bool, std::size_t> refusal_and_gains() const {
    std::vector<Stage> part = stages_;
    if (part.back().kind == StageKind::kSet) {
      part.pop_back();
    }
    profile::Problems refusal;
    (void)profile::merge_stages(part, lineage_, context_, refusal);
    for (std::size_t i = below_; i < part.size(); ++i) {
      part[i].may_widen = true;
      part[i].layer.trust = profile::Trust::kApproved;
    }
    profile::Problems none;
    return {!refusal.empty(), profile::merge_stages(part, lineage_, context_, none).gains.size()};
  }

  std::size_t size() const { return stages_.size(); }
  std::size_t below() const { return below_; }

 private:
  void add(Node tree, StageKind kind, bool may_widen, Generator& random) {
    Stage stage;
    stage.kind = kind;
    stage.tree = std::move(tree);
    stage.may_widen = may_widen;
    stage.own_folder = "/w";
    if (kind == StageKind::kFile) {
      // Parents of one profile need not be above each other; all are below what may not widen.
      std::vector<bool> below(lineage_.files.size(), true);
      for (std::size_t i = 1; may_widen && i < below.size(); ++i) {
        below[i] = random.coin();
      }
      lineage_.ancestors.push_back(std::move(below));
      lineage_.parents.emplace_back();
      lineage_.files.emplace_back();
    }
    stage.file = kind == StageKind::kSet ? lineage_.files.size() : lineage_.files.size() - 1;
    stages_.push_back(std::move(stage));
  }

  const profile::Context& context_;
  profile::Lineage lineage_;
  std::vector<Stage> stages_;
  std::size_t below_ = 0;
};

TEST_CASE("property: no stack of layers is ever widened without the right to",
          "[profile][property]") {
  World world;
  world.context.plugin_options["extra"] = world.context.plugin_options["baseline"];
  Generator random(20240611);
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < kStacks; ++i) {
    const Stack stack(random, world.context);
    const auto before = stack.merged(stack.below());
    if (!before) {
      continue;  // parents that agree on no backend
    }
    const auto after = stack.merged(stack.size());
    if (!after) {
      ++refused;
      continue;
    }
    ++accepted;
    const std::string gained = Powers(*before).gained_by(Powers(*after));
    if (!gained.empty()) {
      FAIL("stack " << i << " gained " << gained << ": " << to_json(*before) << " -> "
                    << to_json(*after));
    }
  }
  // Neither side may be so rare that the other was never tried.
  CHECK(accepted > kStacks / 50);
  CHECK(refused > kStacks / 50);
}

TEST_CASE("property: what is refused is what an approval is asked for", "[profile][property]") {
  World world;
  world.context.plugin_options["extra"] = world.context.plugin_options["baseline"];
  Generator random(20240613);
  int refused = 0;
  constexpr int kTried = kStacks / 10;
  for (int i = 0; i < kTried; ++i) {
    const Stack stack(random, world.context);
    if (!stack.merged(stack.below())) {
      continue;  // parents that agree on no backend
    }
    const auto [no, gains] = stack.refusal_and_gains();
    refused += no ? 1 : 0;
    if (no != (gains > 0)) {
      FAIL("stack " << i << (no ? " is refused" : " loads") << ", and gains " << gains);
    }
  }
  CHECK(refused > kTried / 50);
  CHECK(refused < kTried);
}

}  // namespace
}  // namespace paddock::test
