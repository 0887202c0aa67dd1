// paddock logs
#include <unistd.h>

#include <charconv>
#include <limits>

#include "base/node.hpp"
#include "base/text.hpp"
#include "base/when.hpp"
#include "cli/listed.hpp"
#include "cli/log_view.hpp"
#include "cli/output.hpp"
#include "cli/store.hpp"
#include "os/process.hpp"

namespace paddock::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{200};
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

Result<std::uint64_t> tail_of(const Arguments& arguments) {
  const std::string text = arguments.value("tail", "all");
  std::uint64_t lines = kAll;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, lines);
  return text == "all" ? Result<std::uint64_t>(kAll)
         : error == std::errc{} && at == end
             ? Result<std::uint64_t>(lines)
             : fail(ErrorCode::kUsage, "option '--tail' takes a number of lines or 'all', not '" +
                                           printable(text) + "'");
}

/// As log_time() writes it; empty where the option is not given.
Result<std::string> time_of(const Arguments& arguments, const char* option) {
  const std::string text = arguments.value(option);
  if (text.empty()) {
    return text;
  }
  const auto time = parse_when(text, std::chrono::system_clock::now());
  return time ? Result<std::string>(keep::log_time(*time))
              : fail_with(Result<std::chrono::system_clock::time_point>(time),
                          std::string("option '--") + option + "'");
}

struct Bounds {
  std::uint64_t tail = kAll;
  std::string since, until;
};

Result<Bounds> bounds_of(const Arguments& arguments) {
  const auto tail = tail_of(arguments);
  const auto since = time_of(arguments, "since"), until = time_of(arguments, "until");
  if (!tail || !since || !until) {
    return !tail ? fail_as(tail) : since ? fail_as(until) : fail_as(since);
  }
  return Bounds{*tail, *since, *until};
}

/// Whether what the log of `name` belongs to may still write.
bool is_live(const run::Store& store, const std::string& name) {
  const auto state = store.load(name);
  return state && os::start_time(static_cast<pid_t>(state->host_pid)) == state->host_start_time;
}

/// Everything that is there by now; false when no more is wanted.
bool show(keep::LogReader& reader, LogView& view, const Bounds& bounds) {
  while (const auto record = reader.next()) {
    if (!bounds.until.empty() && record->time >= bounds.until) {
      return false;
    }
    if (record->time >= bounds.since) {
      view.show(*record);
    }
  }
  view.tell_missed(reader.take_missed());
  return view.flush();
}

Result<int> logs(const Arguments& arguments) {
  const auto bounds = bounds_of(arguments);
  if (!bounds) {
    return fail_as(bounds);
  }
  const std::string& name = arguments.operands.front();
  const run::Store store = open_store();
  auto reader = store.read_log(name);
  if (!reader) {
    return fail_as(reader);
  }
  if (bounds->tail != kAll) {
    reader->seek_tail(bounds->tail, bounds->since);
  }
  LogView view({arguments.flag("timestamps"), arguments.flag("raw"), arguments.json});
  for (bool live = true; live;) {
    live = arguments.flag("follow") && is_live(store, name);
    if (!show(*reader, view, *bounds)) {
      break;
    }
    if (live) {
      reader->await_more(kPatience);
    }
  }
  print_error(store.read_complaints(name));
  return 0;
}

}  // namespace

Command logs_command() {
  Command command;
  command.name = "logs";
  command.group = "SEE";
  command.summary = "show what a sandbox in the background wrote";
  command.description =
      "Prints what the command of sandbox NAME, started with `paddock run --detach`, wrote to "
      "standard "
      "output and standard error, to the same streams of yours; also after it has ended. The log "
      "is bounded "
      "on disk: of a long one, the oldest part is gone.\n\n"
      "On a terminal, control characters are shown as \\x1b and the like, so that no output can "
      "play tricks on it; --raw passes them on, and so does every stream of yours that is no "
      "terminal. "
      "With --json, each record is one object with time, stream, text (bytes that are not UTF-8 "
      "replaced) and whether a newline "
      "ended it.\n\n"
      "With --follow it goes on until the sandbox has ended. What paddock itself had to complain "
      "of while "
      "nobody watched, such as a restart that failed, comes last, on standard error.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.options = {
      {"follow", 'f', "", "go on with what is written from now on"},
      {"tail", 0, "N", "only the last N lines [all]"},
      {"since", 0, "TIME", "only from TIME on: RFC 3339, or how long ago, such as 10m"},
      {"until", 0, "TIME", "only before TIME"},
      {"timestamps", 't', "", "begin each line with its time"},
      {"raw", 0, "", "pass control characters on to a terminal"},
  };
  command.examples = {"paddock logs claude", "paddock logs --follow --tail 20 claude",
                      "paddock logs --since 10m --json claude"};
  command.run = logs;
  return command;
}

}  // namespace paddock::cli
