#include "cli/confirm.hpp"

#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <iostream>

#include "base/text.hpp"
#include "cli/output.hpp"

namespace paddock::cli {
namespace {

/// Everything but line ends made printable: names of files and profiles come from anywhere.
std::string printable_lines(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += printable(std::string_view(text).substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

Result<void> ask(const std::string& what,
                 const std::string& question,
                 std::initializer_list<std::string> answers,
                 const Arguments& arguments) {
  if (!arguments.quiet || !arguments.yes) {
    print_error(printable_lines(what));
  }
  if (arguments.yes) {
    return {};
  }
  if (arguments.no_input || ::isatty(STDIN_FILENO) == 0) {
    return fail(ErrorCode::kUnconfirmed, "nobody is there to confirm it",
                "run it in a terminal, or with --yes");
  }
  print_error(question + " ");
  std::string answer;
  std::getline(std::cin, answer);
  return std::find(answers.begin(), answers.end(), answer) != answers.end()
             ? Result<void>{}
             : fail(ErrorCode::kUnconfirmed, "not confirmed: nothing was changed");
}

}  // namespace

Result<void> confirm(const std::string& what,
                     const std::string& question,
                     const Arguments& arguments) {
  return ask(what, question + " [y/N]", {"y", "yes"}, arguments);
}

Result<void> confirm_by_typing(const std::string& what,
                               const std::string& word,
                               const Arguments& arguments) {
  return ask(what, "type '" + printable(word) + "' to go on:", {word}, arguments);
}

}  // namespace paddock::cli
