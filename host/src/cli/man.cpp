// The command table as one man page, man(7).
#include "cli/help.hpp"
#include "cli/parse.hpp"
#include "cli/split.hpp"
#include "paddock/plugin.h"

#define PADDOCK_TEXT_(x) #x
#define PADDOCK_TEXT(x) PADDOCK_TEXT_(x)

namespace paddock::cli {
namespace {

/// Text that troff takes literally.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    line_start = c == '\n';
  }
  return out;
}

/// Paragraphs; lines that begin with two blanks stay as they are.
std::string paragraphs(std::string_view text) {
  std::string out = ".PP\n";
  bool verbatim = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const bool kept = line.compare(0, 2, "  ") == 0;
    if (kept != verbatim && !line.empty()) {
      out += kept ? ".nf\n" : ".fi\n";
      verbatim = kept;
    }
    out += line.empty() ? (verbatim ? "\n" : ".PP\n") : roff(line) + "\n";
  }
  return out + (verbatim ? ".fi\n" : "");
}

std::string options_of(const std::vector<Option>& options) {
  std::string out;
  for (const Option& option : options) {
    out += ".TP\n";
    out += option.letter == 0 ? "" : std::string("\\fB\\-") + option.letter + "\\fR, ";
    out += "\\fB\\-\\-" + roff(option.name) + "\\fR";
    out += option.operand.empty() ? "" : " \\fI" + roff(option.operand) + "\\fR";
    out += "\n" + roff(option.help) + "\n";
  }
  return out;
}

std::string section_of(const Command& command) {
  std::string out = ".SS " + roff(usage_line(command)) + "\n";
  out += paragraphs(command.description) + options_of(command.options);
  for (const std::string& example : command.examples) {
    out += ".PP\n.nf\n" + roff("  " + example) + "\n.fi\n";
  }
  return out;
}

std::string topic_section(const std::string& title, std::string_view topic) {
  const std::string text = topic_page(topic).value_or("");
  return ".SH " + title + "\n" + paragraphs(text.substr(text.find("\n\n") + 2));
}

}  // namespace

std::string man_page(const std::vector<Command>& table) {
  std::string out =
      ".TH PADDOCK 1 \"\" \"paddock " PADDOCK_TEXT(PADDOCK_VERSION_MAJOR) "." PADDOCK_TEXT(
          PADDOCK_VERSION_MINOR) "." PADDOCK_TEXT(PADDOCK_VERSION_PATCH) "\"\n";
  out += ".SH NAME\npaddock \\- launch untrusted work in a proved sandbox\n";
  out +=
      ".SH SYNOPSIS\n\\fBpaddock\\fR [\\fIGLOBAL OPTIONS\\fR] \\fICOMMAND\\fR "
      "[\\fIARGUMENTS\\fR]\n";
  out += ".SH DESCRIPTION\n" + paragraphs(
                                   "paddock launches work that you do not trust in a sandbox that "
                                   "a TOML profile describes, and "
                                   "proves that the sandbox is what the profile says before the "
                                   "work's first instruction runs.");
  out += ".SH GLOBAL OPTIONS\n" + options_of(global_options());
  out += ".SH COMMANDS\n";
  for (const Command& command : table) {
    out += command.group.empty() ? "" : section_of(command);
  }
  out += topic_section("PROFILES", "profile") + topic_section("EXIT STATUS", "exit-codes");
  return out + topic_section("ENVIRONMENT", "environment");
}

}  // namespace paddock::cli
