#include "plugin/manifest.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "paddock/plugin.h"
#include "plugin/manifest_options.hpp"
#include "plugin/problems.hpp"
#include "plugin/toml_node.hpp"

namespace paddock::plugin {
namespace {

using Need = TableReader::Need;

/// In the order of Kind.
const std::vector<std::string> kKindNames = {"backend", "hardener", "hook"};

/// What a backend may leave out, as a hardener may any.
constexpr std::string_view kOptional = "volume";

/// The methods of plugin-api/README.md section 1.
const std::vector<std::string>& known_methods(Kind kind) {
  static const std::vector<std::string> kBackend = {"probe", "prepare", "volume", "create",
                                                    "exec",  "inspect", "stop",   "remove"};
  static const std::vector<std::string> kHardener = {"require", "adjust", "review",
                                                     "attach",  "verify", "release"};
  static const std::vector<std::string> kHook = {"run"};
  return kind == Kind::kBackend ? kBackend : kind == Kind::kHardener ? kHardener : kHook;
}

/// Those that it may leave out, beyond them.
const std::vector<std::string>& optional_methods(Kind kind) {
  static const std::vector<std::string> kBackend = {"images", "image-pull", "image-build",
                                                    "image-import", "image-remove"};
  static const std::vector<std::string> kNone;
  return kind == Kind::kBackend ? kBackend : kNone;
}

bool is_id(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 63 && is_letter(text.front()) && is_letter(text.back()) &&
         text.find("--") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_letter(c) || c == '-'; });
}

class ManifestReader {
 public:
  ManifestReader(const std::filesystem::path& file, const Node& root, Problems& problems)
      : file_(file), root_(root), reader_(root, "", problems), problems_(problems) {}

  Manifest read() {
    Manifest manifest;
    manifest.directory = file_.parent_path();
    manifest.id = reader_.text("id", Need::kRequired).value_or("");
    manifest.version = reader_.text("version", Need::kRequired).value_or("");
    manifest.summary = reader_.text("summary", Need::kRequired).value_or("");
    const auto kind = reader_.choice("kind", kKindNames, Need::kRequired);
    const auto abi = reader_.integer("abi", Need::kRequired);
    const auto methods = reader_.texts("methods", Need::kRequired);
    if (const Node* rows = reader_.node("option")) {
      manifest.options = read_options(*rows, problems_);
    }
    reader_.finish();
    manifest.kind = static_cast<Kind>(kind.value_or(1));
    check_id(manifest.id);
    check_line("version", manifest.version);
    check_line("summary", manifest.summary);
    if (abi) {
      manifest.abi_major = check_abi(*abi);
    }
    if (kind && methods) {
      check_methods(manifest.kind, *root_.find("methods"));
      manifest.methods = *methods;
    }
    return manifest;
  }

 private:
  void check_id(const std::string& id) {
    const Node* node = root_.find("id");
    if (node == nullptr || node->text() == nullptr) {
      return;
    }
    const std::string folder = file_.parent_path().filename().string();
    if (!is_id(id)) {
      problems_.add(ErrorCode::kBadName, node->where, "bad plugin id '" + id + "'",
                    "ids are [a-z0-9] words with single hyphens, at most 63 bytes");
    } else if (id != folder) {
      problems_.add(ErrorCode::kBadName, node->where,
                    "plugin id '" + id + "' is not the name of its directory, '" + folder + "'");
    }
  }

  void check_line(const std::string& key, const std::string& text) {
    const Node* node = root_.find(key);
    if (node != nullptr && node->text() != nullptr &&
        (text.empty() || text.size() > 200 || text.find('\n') != std::string::npos)) {
      problems_.add(ErrorCode::kBadValue, node->where,
                    "'" + key + "' is not one line of 1 to 200 bytes");
    }
  }

  std::uint32_t check_abi(std::int64_t abi) {
    if (abi != PADDOCK_ABI_MAJOR) {
      problems_.add(ErrorCode::kPluginAbi, root_.find("abi")->where,
                    "this plugin speaks ABI " + std::to_string(abi) + ", this paddock speaks ABI " +
                        std::to_string(PADDOCK_ABI_MAJOR));
      return 0;
    }
    return static_cast<std::uint32_t>(abi);
  }

  void check_methods(Kind kind, const Node& methods) {
    auto known = known_methods(kind);
    known.insert(known.end(), optional_methods(kind).begin(), optional_methods(kind).end());
    for (const Node& method : *methods.array()) {
      if (std::find(known.begin(), known.end(), *method.text()) == known.end()) {
        problems_.add(
            ErrorCode::kBadValue, method.where,
            "a " + std::string(kind_name(kind)) + " has no method '" + *method.text() + "'",
            name_hint(*method.text(), known));
      }
    }
    if (kind != Kind::kHardener) {
      check_complete(kind, methods);
    }
  }

  void check_complete(Kind kind, const Node& methods) {
    const auto listed = [&](const std::string& name) {
      return std::any_of(methods.array()->begin(), methods.array()->end(),
                         [&](const Node& method) { return *method.text() == name; });
    };
    std::vector<std::string> missing;
    for (const std::string& name : known_methods(kind)) {
      if (name != kOptional && !listed(name)) {
        missing.push_back("'" + name + "'");
      }
    }
    if (!missing.empty()) {
      problems_.add(
          ErrorCode::kBadValue, methods.where,
          "a " + std::string(kind_name(kind)) + " must also answer " + join(missing, ", "));
    }
  }

  const std::filesystem::path& file_;
  const Node& root_;
  TableReader reader_;
  Problems& problems_;
};

}  // namespace

bool Manifest::answers(std::string_view method) const {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

std::string_view kind_name(Kind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

Result<Manifest> parse_manifest(const std::filesystem::path& file, std::string text) {
  const std::string name = file.string();
  if (!is_utf8(text)) {
    return fail(ErrorCode::kBadManifest, "'" + name + "' is not UTF-8");
  }
  const auto root = parse_toml(name, text);
  if (!root) {
    return fail_as(root);
  }
  Problems problems(text);
  Manifest manifest = ManifestReader(file, *root, problems).read();
  if (!problems.empty()) {
    return problems.take();
  }
  manifest.text = std::move(text);
  return manifest;
}

}  // namespace paddock::plugin
