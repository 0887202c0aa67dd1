// paddock image list
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "cli/image_common.hpp"
#include "cli/image_progress.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/plugin_view.hpp"

namespace paddock::cli {
namespace {

/// What the backends of the host's own programs make for themselves.
constexpr std::string_view kHostRoot = "localhost/paddock/host-root-";

/// One name in one engine.
struct Row {
  std::string reference, backend;
  std::string how;  ///< "pulled", ...; empty: paddock did not bring it
  std::set<std::string> profiles;
  std::optional<contract::Image> image;  ///< absent: the engine lacks it
};

bool leads_to(const contract::Image& image, const std::string& reference) {
  const auto& list = reference.find('@') == std::string::npos ? image.references : image.digests;
  // Docker writes names of its Hub without the host.
  return std::any_of(list.begin(), list.end(), [&](const std::string& one) {
    const auto whole = image::parse_reference(one);
    return whole && whole->text() == reference;
  });
}

class Rows {
 public:
  Rows(const std::string& backend, const std::vector<contract::Image>& images)
      : backend_(backend), images_(images) {}

  bool has(const std::string& reference) const {
    return std::any_of(images_.begin(), images_.end(),
                       [&](const contract::Image& image) { return leads_to(image, reference); });
  }

  Row& at(const std::string& reference) {
    Row& row = rows_[reference];
    row.reference = reference;
    row.backend = backend_;
    for (const contract::Image& image : images_) {
      if (leads_to(image, reference)) {
        row.image = image;
      }
    }
    return row;
  }

  void add_host_roots() {
    for (const contract::Image& image : images_) {
      for (const std::string& name : image.references) {
        if (name.starts_with(kHostRoot)) {
          at(name).how = "made";
        }
      }
    }
  }

  void take(std::vector<Row>& into) {
    for (auto& [name, row] : rows_) {
      into.push_back(std::move(row));
    }
  }

 private:
  const std::string& backend_;
  const std::vector<contract::Image>& images_;
  std::map<std::string, Row> rows_;
};

Result<std::vector<Row>> collect(const std::vector<EnginePtr>& engines, const NamedImages& named) {
  std::vector<Row> all;
  const auto records = open_records().load();
  if (!records) {
    return fail_as(records);
  }
  for (const EnginePtr& engine : engines) {
    const std::string& id = engine->manifest().id;
    const auto images = image::list(*engine);
    if (!images) {
      return fail_as(images);
    }
    Rows rows(id, *images);
    rows.add_host_roots();
    for (const image::Record& record : *records) {
      if (record.backend == id && (!record.id.empty() || rows.has(record.reference))) {
        rows.at(record.reference).how = record.how;  // else it came to nothing
      }
    }
    for (const auto& [reference, profiles] : named) {
      rows.at(reference).profiles = profiles;
    }
    rows.take(all);
  }
  return all;
}

std::vector<std::string> profiles_of(const Row& row) {
  return {row.profiles.begin(), row.profiles.end()};
}

Node node_of(const Row& row) {
  Node::Table table{{"reference", text_node(row.reference)},
                    {"backend", text_node(row.backend)},
                    {"here", Node(row.image.has_value())},
                    {"how", text_node(row.how)},
                    {"profiles", texts_node(profiles_of(row))}};
  if (row.image) {
    table["id"] = text_node(row.image->id);
    table["size_bytes"] = Node(static_cast<std::int64_t>(row.image->size_bytes));
  }
  return Node(std::move(table));
}

void show(const std::vector<Row>& rows, const Arguments& arguments) {
  TableView table;
  table.header = {"REFERENCE", "BACKEND", "ID", "SIZE", "BROUGHT", "PROFILES"};
  Node::Array list;
  for (const Row& row : rows) {
    list.push_back(node_of(row));
    table.rows.push_back(
        {{row.reference, Style::kBold},
         {row.backend, Style::kNone},
         {row.image ? short_id(row.image->id) : "absent", row.image ? Style::kNone : Style::kDim},
         {row.image ? bytes_text(row.image->size_bytes) : "-", Style::kNone},
         {row.how.empty() ? "-" : row.how, Style::kNone},
         {row.profiles.empty() ? "-" : join(profiles_of(row), ", "), Style::kNone}});
  }
  print(arguments.json ? json_line({{"images", Node(std::move(list))}}, "paddock.image-list/1")
                       : render_table(table, arguments.plain));
}

Result<int> list(const Arguments& arguments) {
  const auto registry = open_plugins();
  const auto engines = registry ? open_engines(*registry, arguments) : fail_as(registry);
  if (!engines) {
    return fail_as(engines);
  }
  const auto rows = collect(*engines, named_by_profiles(*registry));
  if (!rows) {
    return fail_as(rows);
  }
  show(*rows, arguments);
  return 0;
}

}  // namespace

Command image_list_command() {
  Command command;
  command.name = "image list";
  command.group = "IMAGES";
  command.summary = "list the images of profiles, and those that paddock brought";
  command.description =
      "Lists, for every engine that answers here, the images that your profiles and the shipped "
      "ones "
      "name, whether the engine has them or not, and those that paddock pulled, built or imported "
      "(BROUGHT). `made` are the roots without programs for sandboxes that run the host's own. "
      "Other "
      "images of the engine are not listed.";
  command.options = {backend_option()};
  command.examples = {"paddock image list", "paddock image list --backend docker --json"};
  command.run = list;
  return command;
}

}  // namespace paddock::cli
