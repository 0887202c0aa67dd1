// paddock start, paddock restart, paddock reset
#include "cli/attaching.hpp"
#include "cli/grace.hpp"
#include "cli/launching.hpp"
#include "cli/listed.hpp"
#include "cli/log_view.hpp"
#include "cli/store.hpp"
#include "run/again.hpp"
#include "run/stop.hpp"

namespace paddock::cli {
namespace {

/// One that ended before anybody could attach: what it wrote, and its exit status.
Result<int> tell_of(const run::State& ended) {
  auto log = open_store().read_log(ended.name);
  if (!log) {
    return fail_as(log);
  }
  const std::string since = ended.started_at.substr(0, ended.started_at.find('Z'));
  LogView view({});
  while (const auto record = log->next()) {
    if (record->time >= since) {
      view.show(*record);
    }
  }
  view.flush();
  return ended.exit_code.value_or(1);
}

Result<int> attach_or_tell(const std::string& name, const Arguments& arguments) {
  auto attached = attach(name, arguments);
  const bool missed = !attached && (attached.error().code == ErrorCode::kNotRunning ||
                                    attached.error().code == ErrorCode::kNoSandbox);
  if (!missed) {
    return attached;
  }
  const auto ended = open_store().load_ended(name);
  return ended ? tell_of(*ended) : std::move(attached);
}

/// And then attaches, if asked.
Result<int> bring_back(const std::function<Result<run::Order>()>& order,
                       const Arguments& arguments) {
  auto status = launch_in_background(order, arguments);
  return status && *status == 0 && arguments.flag("attach")
             ? attach_or_tell(arguments.operands.front(), arguments)
             : std::move(status);
}

Result<int> start(const Arguments& arguments) {
  return bring_back([&] { return run::order_again(open_store(), arguments.operands.front()); },
                    arguments);
}

/// One that has ended already needs no stopping.
Result<run::Order> stop_first(const std::string& name, std::chrono::milliseconds grace) {
  const run::Store store = open_store();
  if (const auto live = store.load(name)) {
    if (!live->order.background) {
      return fail(ErrorCode::kUsage,
                  "sandbox '" + name + "' runs in the foreground of process " +
                      std::to_string(live->host_pid) + ", whose user would lose it",
                  "`paddock stop " + name + "`, then `paddock start " + name + "`");
    }
    if (auto stopped = run::stop(store, name, grace); !stopped) {
      return fail_as(stopped);
    }
  }
  return run::order_again(store, name);
}

Result<int> restart(const Arguments& arguments) {
  const auto grace = grace_of(arguments);
  if (!grace) {
    return fail_as(grace);
  }
  return bring_back([&] { return stop_first(arguments.operands.front(), *grace); }, arguments);
}

Result<int> reset(const Arguments& arguments) {
  const auto grace = grace_of(arguments);
  if (!grace) {
    return fail_as(grace);
  }
  const auto anew = [&] {
    auto order = stop_first(arguments.operands.front(), *grace);
    if (order) {
      order->resumes = false;
    }
    return order;
  };
  return bring_back(anew, arguments);
}

Option attach_option() {
  return {"attach", 'a', "", "attach to it once it runs"};
}

}  // namespace

Command start_command() {
  Command command;
  command.name = "start";
  command.group = "WORK";
  command.summary = "run a sandbox that has ended once more";
  command.description =
      "Launches the ended sandbox NAME again in the background, as it was launched before: the "
      "same profile, "
      "backend, settings, command and folder. The profile is read, planned and proved anew, so "
      "that what "
      "was changed in it meanwhile holds. Its workspace is as it was left, its home and /tmp are "
      "empty, its log goes "
      "on.\n\n"
      "`paddock ps --all` lists those that can be started.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.options = {attach_option()};
  command.examples = {"paddock start claude", "paddock start --attach claude"};
  command.run = start;
  return command;
}

Command restart_command() {
  Command command;
  command.name = "restart";
  command.group = "WORK";
  command.summary = "end a sandbox in the background and run it anew";
  command.description =
      "`paddock stop` and `paddock start` in one: the sandbox NAME is stopped if it runs, and "
      "launched again "
      "as it was launched before, from its profile as it is now. One that runs in somebody's "
      "foreground "
      "is not touched.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.options = {grace_option(), attach_option()};
  command.examples = {"paddock restart claude", "paddock restart --grace 0 claude"};
  command.run = restart;
  return command;
}

Command reset_command() {
  Command command;
  command.name = "reset";
  command.group = "CHANGE";
  command.summary = "put a sandbox back to what its profile says";
  command.description =
      "Stops the sandbox NAME if it runs, and launches it anew as it was launched before, from its "
      "profile as "
      "it is now: with an empty home, an empty /tmp and an empty log. Its workspace and its "
      "volumes are kept. "
      "One that runs in somebody's foreground is not touched.";
  command.operands = {{"NAME", true, false, "sandbox"}};
  command.options = {grace_option(), attach_option()};
  command.examples = {"paddock reset claude"};
  command.run = reset;
  return command;
}

}  // namespace paddock::cli
