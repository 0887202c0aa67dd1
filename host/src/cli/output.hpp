// How results look on standard output: tables for people, tab-separated for --plain, one JSON
// object for --json. Colour by --color, CLICOLOR_FORCE, NO_COLOR, TERM and isatty, in that order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/result.hpp"

namespace paddock::cli {

enum class Style { kNone, kGood, kBad, kWarn, kDim, kBold };

struct Cell {
  std::string text;
  Style style = Style::kNone;
};

struct TableView {
  std::vector<std::string> header;
  std::vector<std::vector<Cell>> rows;
};

/// Aligned columns; with `plain`, tab-separated without header. Text is made printable first.
/// Colour is for descriptor `fd`.
std::string render_table(const TableView& table, bool plain, int fd = 1);

/// `text` in `style`, if standard output (or error) takes colour.
std::string styled(std::string_view text, Style style, int fd = 1);

/// Whether colour is on for a descriptor.
bool color_enabled(int fd);
/// What --color may say: auto, always, never.
const std::vector<std::string>& color_modes();
/// One of them.
void set_color_mode(std::string_view mode);

/// Writes to standard error, all that it takes.
void print_error(std::string_view text);

/// Writes to standard output, all of it, until a write fails: a command goes on with its work
/// whether somebody reads of it or not.
void print(std::string_view text);
/// Whether standard output takes nothing any more: a view that goes on for ever ends then.
bool output_is_gone();
/// Whether all of it was written, or the reader went away. Errors: kSystem.
Result<void> check_output();

}  // namespace paddock::cli
