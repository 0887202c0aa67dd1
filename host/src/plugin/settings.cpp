// host.toml: what this machine's user says about plugins and backends.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "plugin/problems.hpp"
#include "plugin/registry.hpp"
#include "plugin/scan.hpp"
#include "plugin/toml_node.hpp"
#include "plugin/trust.hpp"

namespace paddock::plugin {
namespace {

bool is_digest(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  return text.starts_with(kPrefix) && text.size() == kPrefix.size() + 64 &&
         text.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
}

/// The ids that were built along with this program, in the order in which backends are tried.
/// Whatever else is put into the install tree later is a stranger there.
std::vector<std::string> shipped_plugins() {
  std::vector<std::string> ids;
  for (std::string_view rest = PADDOCK_SHIPPED_PLUGINS; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    ids.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return ids;
}

class HostFile {
 public:
  HostFile(const Node& root, Problems& problems) : root_(root), problems_(problems) {}

  void apply(Settings& settings) {
    TableReader reader(root_, "", problems_);
    const auto directories = reader.texts("plugin_directories");
    const Node* plugins = table(reader, "plugins");
    const Node* backend = table(reader, "backend");
    settings.require_pins = reader.boolean("require_pins").value_or(false);
    reader.finish();
    if (directories) {
      add_directories(*root_.find("plugin_directories"), settings);
    }
    if (plugins != nullptr) {
      add_pins(*plugins, settings);
    }
    if (backend != nullptr) {
      TableReader rows(*backend, "[backend]", problems_);
      settings.preferred_backends = rows.texts("prefer").value_or(std::vector<std::string>{});
      rows.finish();
    }
  }

 private:
  const Node* table(TableReader& reader, const std::string& key) {
    const Node* node = reader.node(key);
    if (node == nullptr || node->table() != nullptr) {
      return node;
    }
    problems_.add(ErrorCode::kWrongType, node->where,
                  "'" + key + "' is a table, not " + std::string(type_name(*node)));
    return nullptr;
  }

  void add_directories(const Node& list, Settings& settings) {
    for (const Node& item : *list.array()) {
      const std::filesystem::path path = *item.text();
      if (!path.is_absolute()) {
        problems_.add(ErrorCode::kBadValue, item.where,
                      "plugin directory '" + *item.text() + "' is not an absolute path");
        continue;
      }
      settings.search.push_back({path.lexically_normal(), Mode::kChildProcess});
    }
  }

  void add_pins(const Node& plugins, Settings& settings) {
    for (const auto& [id, row] : *plugins.table()) {
      if (row.table() == nullptr) {
        problems_.add(ErrorCode::kWrongType, row.where, "'plugins." + id + "' is a table");
        continue;
      }
      check_installed(id, row, settings);
      TableReader reader(row, "[plugins." + id + "]", problems_);
      const auto digest = reader.text("digest");
      reader.finish();
      if (digest && !is_digest(*digest)) {
        problems_.add(
            ErrorCode::kBadValue, row.find("digest")->where,
            "'digest' of plugin '" + id + "' is not 'sha256:' and 64 lower-case hex digits");
      } else if (digest) {
        settings.pins[id] = *digest;
      }
    }
  }

  /// A pin with a typo in its name would leave the plugin that it means without one.
  void check_installed(const std::string& id, const Node& row, const Settings& settings) {
    if (locate(settings.search, id)) {
      return;
    }
    std::vector<std::string> ids;
    for (const Candidate& candidate : scan(settings.search)) {
      ids.push_back(candidate.id);
    }
    problems_.add(ErrorCode::kUnknownPlugin, row.key_where,
                  "no plugin '" + id + "' is installed, so this pins nothing", name_hint(id, ids));
  }

  const Node& root_;
  Problems& problems_;
};

}  // namespace

Result<void> apply_host_file(const std::filesystem::path& file,
                             const std::string& text,
                             Settings& settings) {
  const auto root = parse_toml(file.string(), text);
  if (!root) {
    return fail_as(root);
  }
  Problems problems(text);
  HostFile(*root, problems).apply(settings);
  return problems.empty() ? Result<void>{} : Result<void>(problems.take());
}

Result<Settings> current_settings() {
  const os::UserPaths user = os::user_paths();
  Settings settings;
  settings.search.push_back({os::install_paths().plugins, Mode::kInProcess, shipped_plugins()});
  settings.search.push_back({user.plugins, Mode::kChildProcess});
  settings.cache_file = user.cache / "manifests";
  const auto file = user.config / "host.toml";
  struct stat info {};
  if (::lstat(file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return settings;  // a link to nothing is not nothing
  }
  const auto fd = open_host_file(file);
  const auto text = fd ? os::read_fd(fd->get(), kMaxTomlBytes, file.string()) : fail_as(fd);
  if (!text) {
    return fail_as(text);
  }
  if (auto applied = apply_host_file(file, *text, settings); !applied) {
    return fail_as(applied);
  }
  return settings;
}

}  // namespace paddock::plugin
