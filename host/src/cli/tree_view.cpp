#include "cli/tree_view.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/when.hpp"

namespace paddock::cli {
namespace {

std::string hex_of(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out += kDigits[value >> 4];
    out += kDigits[value & 15];
  }
  return out;
}

void add_path(Node::Table& table, const std::string& path) {
  table["path"] = Node(path);
  if (!is_utf8(path)) {
    table["path_hex"] = Node(hex_of(path));
  }
}

}  // namespace

Node::Table entry_table(const os::TreeEntry& entry) {
  Node::Table table{{"type", Node(std::string(os::type_word(entry.mode)))},
                    {"size_bytes", Node(static_cast<std::int64_t>(entry.size))},
                    {"modified_at", Node(when_text(entry.modified))},
                    {"changed_at", Node(when_text(entry.changed))}};
  add_path(table, entry.path);
  return table;
}

Node unseen_node(const std::vector<os::Unseen>& unseen) {
  Node::Array list;
  for (const os::Unseen& place : unseen) {
    Node::Table table{{"why", Node(place.why)}};
    add_path(table, place.path);
    list.emplace_back(std::move(table));
  }
  return Node(std::move(list));
}

void warn_of_unseen(const std::string& how, const std::vector<os::Unseen>& unseen) {
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < std::min(unseen.size(), kShown); ++i) {
    log::warn(how + " '" + printable(unseen[i].path) + "': " + unseen[i].why);
  }
  if (unseen.size() > kShown) {
    log::warn(how + " " + std::to_string(unseen.size() - kShown) + " others");
  }
}

std::string shown_path(const os::TreeEntry& entry) {
  return printable(entry.path) + (entry.is_folder() ? "/" : "");
}

}  // namespace paddock::cli
