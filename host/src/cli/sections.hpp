// A record of several lists, as `receipt` and `inspect` show one.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace paddock::cli {

/// One list of the record.
struct Section {
  std::string kind;  ///< what a line of it is called with --plain
  TableView table;
};

/// Tables with an empty line between; those without rows are left out. With `plain`, every line
/// says what it is, as the kinds differ in their columns.
std::string render_sections(const std::vector<Section>& sections, bool plain);

}  // namespace paddock::cli
