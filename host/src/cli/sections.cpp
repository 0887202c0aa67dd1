#include "cli/sections.hpp"

namespace paddock::cli {
namespace {

std::string plain_records(Section section) {
  for (auto& row : section.table.rows) {
    row.insert(row.begin(), {section.kind, Style::kNone});
  }
  return render_table(section.table, true);
}

}  // namespace

std::string render_sections(const std::vector<Section>& sections, bool plain) {
  std::string out;
  for (const Section& section : sections) {
    if (plain) {
      out += plain_records(section);
    } else if (!section.table.rows.empty()) {
      out += (out.empty() ? "" : "\n") + render_table(section.table, false);
    }
  }
  return out;
}

}  // namespace paddock::cli
