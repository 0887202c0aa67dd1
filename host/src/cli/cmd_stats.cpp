// paddock stats
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/live_screen.hpp"
#include "cli/locale.hpp"
#include "cli/output.hpp"
#include "cli/stats_view.hpp"
#include "cli/store.hpp"
#include "run/inspect.hpp"
#include "run/names.hpp"

namespace paddock::cli {
namespace {

using Clock = std::chrono::steady_clock;

Result<std::chrono::milliseconds> interval_of(const Arguments& arguments) {
  const std::string text = arguments.value("interval", "1");
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  const bool number = text.find_first_not_of("0123456789.") == std::string::npos;
  if (!number || end != text.c_str() + text.size() || !(seconds >= 0.1 && seconds <= 3600)) {
    return fail(ErrorCode::kUsage,
                "option '--interval' takes 0.1 to 3600 seconds, not '" + printable(text) + "'");
  }
  return std::chrono::milliseconds(std::lround(seconds * 1000));
}

/// The sandboxes that are watched: those that were named, or all that run, new ones too.
class Watched {
 public:
  Watched(const run::Store& store, const std::vector<std::string>& names)
      : store_(store), names_(names) {}

  Result<void> open() {
    for (const std::string& name : names_) {
      auto state = store_.load(name);
      if (!state) {
        return fail_as(state);
      }
      if (!run::is_running(*state)) {
        return fail(ErrorCode::kNotRunning, "sandbox '" + name + "' is not running: " +
                                                std::string(run::phase_name(state->phase)));
      }
      meters_.emplace_back(std::move(*state));
    }
    return names_.empty() ? find_all() : Result<void>{};
  }

  Result<void> look() {
    if (names_.empty()) {
      std::erase_if(meters_, [](const run::Meter& meter) { return meter.has_ended(); });
      if (auto found = find_all(); !found) {
        return found;
      }
    }
    for (run::Meter& meter : meters_) {
      meter.look(Clock::now());
    }
    return {};
  }

  bool are_over() const {
    return !names_.empty() && std::all_of(meters_.begin(), meters_.end(),
                                          [](const auto& meter) { return meter.has_ended(); });
  }
  const std::vector<run::Meter>& meters() const { return meters_; }

 private:
  bool knows(const run::State& state) const {
    return std::any_of(meters_.begin(), meters_.end(), [&](const run::Meter& meter) {
      return meter.state().instance == state.instance;
    });
  }

  /// One that ends between listing and reading is skipped.
  Result<void> find_all() {
    const auto names = store_.names();
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
      auto state = store_.load(name);
      if (state && run::is_running(*state) && !knows(*state)) {
        meters_.emplace_back(std::move(*state));
      }
    }
    return names ? Result<void>{} : fail_as(names);
  }

  const run::Store& store_;
  const std::vector<std::string>& names_;
  std::vector<run::Meter> meters_;
};

bool is_screen() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

void show_once(const Watched& watched, const Arguments& arguments) {
  print(arguments.json ? to_json(stats_node(watched.meters(), run::now_text())) + "\n"
                       : stats_table(watched.meters(), arguments.plain));
}

/// Ctrl-C is how one leaves it.
int status_of(int signal) {
  return signal == 0 || signal == SIGINT ? 0 : 128 + signal;
}

/// Shows by `show` after each interval, until it is over, somebody ends it or nobody reads.
template <typename Show>
Result<int> follow(Watched& watched, std::chrono::milliseconds interval, const Show& show) {
  const EndSignals signals;
  for (auto next = Clock::now();;) {
    if (auto looked = watched.look(); !looked) {
      return fail_as(looked);
    }
    if (show() || watched.are_over()) {
      return 0;
    }
    next += interval;
    for (auto now = Clock::now(); now < next && !output_is_gone(); now = Clock::now()) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - now);
      const int signal = signals.wait(left + std::chrono::milliseconds(1));
      if (signal == SIGWINCH) {
        show();
      } else if (signal != 0) {
        return status_of(signal);
      }
    }
    if (output_is_gone()) {
      return 0;
    }
    next = std::max(next, Clock::now() - interval);  // after a long stop (^Z)
  }
}

Result<int> once(Watched& watched, std::chrono::milliseconds interval, const Arguments& arguments) {
  int looks = 0;
  const auto status = follow(watched, interval, [&] { return ++looks == 2; });
  if (status && (looks == 2 || watched.are_over())) {
    show_once(watched, arguments);
  }
  return status;
}

Result<int> lines(Watched& watched, std::chrono::milliseconds interval) {
  return follow(watched, interval, [&] {
    print(to_json(stats_node(watched.meters(), run::now_text())) + "\n");
    return false;
  });
}

Result<int> live(Watched& watched, std::chrono::milliseconds interval) {
  Result<int> status = 0;
  {
    const LiveScreen screen;
    status = follow(watched, interval, [&] {
      screen.draw(stats_screen(watched.meters(), screen_size().columns, !is_utf8_locale()));
      return false;
    });
  }
  if (status && watched.are_over()) {
    print(stats_table(watched.meters(), false));
  }
  return status;
}

Result<int> stats(const Arguments& arguments) {
  const auto interval = interval_of(arguments);
  if (!interval) {
    return fail_as(interval);
  }
  const auto store = open_store();
  Watched watched(store, arguments.operands);
  if (auto opened = watched.open(); !opened) {
    return fail_as(opened);
  }
  if (arguments.flag("once") || (!arguments.json && (arguments.plain || !is_screen()))) {
    return once(watched, *interval, arguments);
  }
  return arguments.json ? lines(watched, *interval) : live(watched, *interval);
}

}  // namespace

Command stats_command() {
  Command command;
  command.name = "stats";
  command.group = "SEE";
  command.summary = "show what running sandboxes use";
  command.description =
      "Shows CPU time (100 % is one CPU), memory without droppable page cache, processes and "
      "threads, and what was read from and written to disks, each against its limit, of the "
      "sandboxes NAME or of all that run. On a terminal the view is drawn anew until Ctrl-C, or "
      "until all that were named have ended; elsewhere, and with --once, it is one table. CPU is "
      "that of the last interval.\n\n"
      "The numbers are the kernel's: of the sandbox's control groups, and summed over its "
      "processes in /proc for what these do not say; SOURCE tells which. `?` is what cannot be "
      "known here, `-` a limit that is none.\n\n"
      "With --json, one object a line and interval, until it is ended: paddock.stats/1. What is "
      "not known has no member.";
  command.operands = {{"NAME", false, true, "sandbox"}};
  command.options = {{"once", '1', "", "show one table and end"},
                     {"interval", 'i', "SECONDS", "time between two looks [1]"}};
  command.examples = {"paddock stats", "paddock stats --once claude",
                      "paddock stats --json --interval 5 claude >> usage.jsonl"};
  command.run = stats;
  return command;
}

}  // namespace paddock::cli
