#include "cli/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/text.hpp"

namespace paddock::cli {
namespace {

// Set once from the command line, before any output. Constant-initialised: `--version` pays
// nothing.
enum class ColorMode { kAuto, kAlways, kNever };
ColorMode color_mode = ColorMode::kAuto;

/// errno of the first write to standard output that failed; what follows is dropped.
int output_errno = 0;

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

const char* style_code(Style style) {
  switch (style) {
    case Style::kGood:
      return "\x1b[32m";
    case Style::kBad:
      return "\x1b[1;31m";
    case Style::kWarn:
      return "\x1b[33m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kNone:
      break;
  }
  return "";
}

std::vector<std::size_t> column_widths(const TableView& table) {
  std::vector<std::size_t> widths;
  const auto widen = [&](std::size_t column, std::string_view text) {
    widths.resize(std::max(widths.size(), column + 1));
    widths[column] = std::max(widths[column], display_width(text));
  };
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    widen(i, table.header[i]);
  }
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widen(i, printable(row[i].text));
    }
  }
  return widths;
}

void append_row(std::string& out,
                const std::vector<Cell>& row,
                const std::vector<std::size_t>& widths,
                int fd) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string text = printable(row[i].text);
    out += styled(text, row[i].style, fd);
    if (i + 1 < row.size()) {
      out.append(widths[i] - display_width(text) + 2, ' ');
    }
  }
  while (!out.empty() && out.back() == ' ') {
    out.pop_back();
  }
  out += '\n';
}

std::string render_plain(const TableView& table) {
  std::string out;
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i == 0 ? "" : "\t") + printable(row[i].text);
    }
    out += '\n';
  }
  return out;
}

}  // namespace

const std::vector<std::string>& color_modes() {
  static const std::vector<std::string> modes{"auto", "always", "never"};
  return modes;
}

void set_color_mode(std::string_view mode) {
  color_mode = mode == "always"  ? ColorMode::kAlways
               : mode == "never" ? ColorMode::kNever
                                 : ColorMode::kAuto;
}

bool color_enabled(int fd) {
  if (color_mode != ColorMode::kAuto) {
    return color_mode == ColorMode::kAlways;
  }
  if (is_set("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0") {
    return true;
  }
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return !is_set("NO_COLOR") && !dumb && ::isatty(fd) == 1;
}

std::string styled(std::string_view text, Style style, int fd) {
  if (style == Style::kNone || text.empty() || !color_enabled(fd)) {
    return std::string(text);
  }
  return style_code(style) + std::string(text) + "\x1b[0m";
}

std::string render_table(const TableView& table, bool plain, int fd) {
  if (plain) {
    return render_plain(table);
  }
  const auto widths = column_widths(table);
  std::string out;
  if (!table.header.empty()) {
    std::vector<Cell> header;
    for (const std::string& name : table.header) {
      header.push_back({name, Style::kDim});
    }
    append_row(out, header, widths, fd);
  }
  for (const auto& row : table.rows) {
    append_row(out, row, widths, fd);
  }
  return out;
}

void print_error(std::string_view text) {
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

void print(std::string_view text) {
  while (!text.empty() && output_errno == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      output_errno = errno;
      return;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
}

bool output_is_gone() {
  return output_errno != 0;
}

Result<void> check_output() {
  // A reader that has seen enough (`| head`) is no failure; a full disk is.
  return output_errno == 0 || output_errno == EPIPE
             ? Result<void>{}
             : fail_errno(output_errno, "cannot write standard output");
}

}  // namespace paddock::cli
