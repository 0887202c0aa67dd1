#include "cli/app.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "base/log.hpp"
#include "base/render.hpp"
#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/locale.hpp"
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

/// A launch is short and its threads work mostly in turn: one heap, which is not given back in
/// between, spares the kernel hundreds of pages.
void settle_heap() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, 1 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
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
  print(split.command != nullptr ? command_page(*split.command)
        : split.noun.empty()     ? overview(commands())
                                 : noun_page(commands(), split.noun));
  return 0;
}

Result<void> set_color(const std::string& mode) {
  const auto& modes = color_modes();
  if (!mode.empty() && std::find(modes.begin(), modes.end(), mode) == modes.end()) {
    return fail(ErrorCode::kUsage,
                "option '--color' takes auto, always or never, not '" + printable(mode) + "'");
  }
  set_color_mode(mode);
  log::set_color(color_enabled(STDERR_FILENO));
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

/// A relative one would be another in every folder.
Result<void> check_environment() {
  const char* state = std::getenv("PADDOCK_STATE_DIR");
  return state == nullptr || *state == '\0' || *state == '/'
             ? Result<void>{}
             : fail(ErrorCode::kUsage,
                    "PADDOCK_STATE_DIR is no absolute path: '" + printable(state) + "'");
}

/// `seen` is what was understood of the line, error or not.
Result<int> dispatch(const std::vector<std::string>& words, Split& seen) {
  const auto split = cli::split(words, commands(), &seen);
  if (!split) {
    return fail_as(split);
  }
  if (auto sound = check_environment(); !sound) {
    return fail_as(sound);
  }
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

bool passes_status(const Split& seen) {
  return seen.command != nullptr && (seen.command->takes_command() || seen.command->passes_status);
}

/// Of a line that could not be split to its end, whatever stands before `--` counts, unless it may
/// belong to the command of `run`.
bool wants_json(const std::vector<std::string>& words, const Split& seen) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return has_global(seen, "json") ||
         (!passes_status(seen) && std::find(words.begin(), end, "--json") != end);
}

int report(const Error& error, const std::vector<std::string>& words, const Split& seen) {
  print_error(wants_json(words, seen)
                  ? render_json(error)
                  : render(error, {color_enabled(STDERR_FILENO), !is_utf8_locale()}));
  if (!passes_status(seen)) {
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
  settle_heap();
  Split seen;
  try {
    const auto status = dispatch(words, seen);
    if (!status) {
      return report(status.error(), words, seen);
    }
    const auto written = check_output();
    return written ? *status : report(written.error(), words, seen);
  } catch (const std::exception& defect) {
    Error error;
    error.what = std::string("internal error: ") + defect.what();
    error.hints.push_back("this is a defect of paddock; please report it with the command line");
    report(error, words, seen);
    return 125;
  }
}

}  // namespace paddock::cli
