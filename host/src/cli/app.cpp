#include "cli/app.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "base/log.hpp"
#include "base/render.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/parse.hpp"
#include "cli/split.hpp"
#include "paddock/plugin.h"

#define PADDOCK_TEXT_(x) #x
#define PADDOCK_TEXT(x) PADDOCK_TEXT_(x)

namespace paddock::cli {

const char kVersionLine[] = "paddock " PADDOCK_TEXT(PADDOCK_VERSION_MAJOR) "." PADDOCK_TEXT(
    PADDOCK_VERSION_MINOR) "." PADDOCK_TEXT(PADDOCK_VERSION_PATCH) "\n";

namespace {

/// A caller may have closed the standard streams; nothing of ours may take their numbers.
void open_standard_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1) {
      (void)!::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
    }
  }
}

/// A handler, not SIG_IGN: children would inherit that.
void quiet_broken_pipes() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &action, nullptr);
}

bool has_global(const Split& split, std::string_view name) {
  return std::find(split.globals.begin(), split.globals.end(), name) != split.globals.end();
}

void set_verbosity(const Arguments& arguments) {
  if (arguments.quiet) {
    log::set_level(log::Level::kError);
  } else if (arguments.verbose > 0) {
    log::set_level(arguments.verbose > 1 ? log::Level::kDebug : log::Level::kInfo);
  }
}

Result<int> show_help(const Split& split) {
  print(split.command == nullptr ? overview(commands()) : command_page(*split.command));
  return 0;
}

Result<void> set_color(const std::string& mode) {
  if (!mode.empty() && mode != "auto" && mode != "always" && mode != "never") {
    return fail(ErrorCode::kUsage,
                "option '--color' takes auto, always or never, not '" + mode + "'");
  }
  set_color_mode(mode);
  return {};
}

Result<int> run_command(const Split& split) {
  auto arguments = parse(split);
  if (!arguments) {
    return fail_as(arguments);
  }
  set_verbosity(*arguments);
  return split.command->run(*arguments);
}

/// `passes_status` is known as soon as the command is.
Result<int> dispatch(const std::vector<std::string>& words, bool& passes_status) {
  const auto split = cli::split(words, commands());
  if (!split) {
    return fail_as(split);
  }
  passes_status = split->command != nullptr && split->command->takes_command;
  if (auto done = set_color(split->color); !done) {
    return fail_as(done);
  }
  if (has_global(*split, "help")) {
    return show_help(*split);
  }
  if (has_global(*split, "version")) {
    print(kVersionLine);
    return 0;
  }
  if (split->command == nullptr) {
    return fail(ErrorCode::kUsage, "no command is given", "see `paddock --help`");
  }
  return run_command(*split);
}

/// Before `--`, wherever it stands: errors of the split itself are rendered by it too.
bool wants_json(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end;
}

bool names_run_or_exec(const std::vector<std::string>& words) {
  const auto word = std::find_if(words.begin(), words.end(),
                                 [](const std::string& w) { return !w.empty() && w[0] != '-'; });
  return word != words.end() && (*word == "run" || *word == "launch" || *word == "exec");
}

bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      const std::string_view text = value;
      return text.find("UTF-8") != std::string_view::npos ||
             text.find("utf8") != std::string_view::npos;
    }
  }
  return false;
}

int report(const Error& error, bool json, bool passes_status) {
  print_error(json ? render_json(error)
                   : render(error, {color_enabled(STDERR_FILENO), !is_utf8_locale()}));
  if (!passes_status) {
    return exit_status(error);
  }
  switch (error_code_info(error.code).error_class) {
    case ErrorClass::kCannotExecute:
      return 126;
    case ErrorClass::kCommandNotFound:
      return 127;
    default:
      return 125;
  }
}

}  // namespace

int run_program(const std::vector<std::string>& words) {
  open_standard_streams();
  quiet_broken_pipes();
  bool passes_status = names_run_or_exec(words);
  try {
    const auto status = dispatch(words, passes_status);
    return status ? *status : report(status.error(), wants_json(words), passes_status);
  } catch (const std::exception& defect) {
    Error error;
    error.what = std::string("internal error: ") + defect.what();
    error.hints.push_back("this is a defect of paddock; please report it with the command line");
    report(error, wants_json(words), passes_status);
    return 125;
  }
}

}  // namespace paddock::cli
