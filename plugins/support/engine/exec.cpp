// One more gate in a running container. Where the engine starts it, the socket that it takes its
// descriptors over is shown inside for that moment only; whoever else of the sandbox connects to it
// is turned away by PID.
#include <fcntl.h>

#include <chrono>
#include <thread>

#include <nlohmann/json.hpp>

#include "support/engine/backend.hpp"
#include "support/engine/guest/guest.hpp"
#include "support/engine/handover.hpp"
#include "support/engine/limits.hpp"
#include "support/engine/record.hpp"
#include "support/engine/request.hpp"
#include "support/engine/shown_socket.hpp"
#include "support/engine/way_in.hpp"

namespace paddock::engine {
namespace {

using namespace std::chrono_literals;
using contract::ExecReply;
using contract::ExecRequest;

constexpr auto kStartDeadline = 20s;

/// The request's body: the container's own user. Podman wants a stream.
const std::string& exec_config() {
  static const std::string kConfig = nlohmann::json{
      {"Cmd", {kGateTarget, "connect", kSocketTarget}},
      {"AttachStderr", true}}.dump();
  return kConfig;
}

/// The process that was started detached; the engine learns its PID a moment later.
Result<pid_t> await_pid(Engine& engine, const std::string& exec) {
  const auto end = std::chrono::steady_clock::now() + kStartDeadline;
  do {
    const auto now = engine.exec_inspect(exec);
    if (!now || !*now) {
      return now ? fail(ErrorCode::kBackendRefused, "the process is gone at once") : fail_as(now);
    }
    if ((*now)->pid > 0) {
      return static_cast<pid_t>((*now)->pid);
    }
    std::this_thread::sleep_for(1ms);
  } while (std::chrono::steady_clock::now() < end);
  return fail(ErrorCode::kTimeout, "the engine does not start the process");
}

}  // namespace

Result<std::optional<Connection>> EngineBackend::begin(Engine& engine, const std::string& exec) {
  const auto started = engine.exec_start(exec);
  return started ? Result<std::optional<Connection>>(std::nullopt) : fail_as(started);
}

Result<pid_t> EngineBackend::enter_by_engine(const ExecRequest& request, Record& sandbox) {
  const auto turn = take_turn(sandbox.runtime_dir);
  auto handover = turn ? Handover::listen(sandbox.runtime_dir) : fail_as(turn);
  if (!handover) {
    return fail_as(handover);
  }
  const auto shown = ShownSocket::show(static_cast<pid_t>(request.sandbox.pid), handover->path());
  if (!shown) {
    return fail_as(shown);
  }
  auto exec = engine_->exec_create(sandbox.container, exec_config());
  auto held = exec ? begin(*engine_, *exec) : fail_as(exec);
  if (!held) {
    return fail_as(held);
  }
  if (*held) {
    held_.insert_or_assign(*exec, std::move(**held));
  }
  auto pid = await_pid(*engine_, *exec);
  if (!pid) {
    return fail_as(pid);
  }
  const auto alive = [&] {
    const auto now = engine_->exec_inspect(*exec);
    return now && *now && (*now)->running;
  };
  if (auto given = handover->give(*pid, request.gate, alive); !given) {
    return fail_as(given);
  }
  sandbox.exec = std::move(*exec);
  return pid;
}

Result<ExecReply> EngineBackend::exec(const ExecRequest& request) {
  auto record = from_json(request.sandbox.record);
  if (!record) {
    return fail(ErrorCode::kInternal, "the sandbox's record is damaged");
  }
  const auto first = static_cast<pid_t>(request.sandbox.pid);
  // Its process is held before the engine is asked, so that it cannot be another's of that number.
  const auto way = way_in(request.plan, first, record->runtime_dir);
  const auto found = find(record->container, request.sandbox.instance);
  if (!found || !*found || !(*found)->running || (*found)->pid != first) {
    return found ? fail(ErrorCode::kBackendRefused, "the sandbox has ended") : fail_as(found);
  }
  if (record->guest) {
    const auto entered = enter_guest(request, *record);
    return entered ? Result<ExecReply>(ExecReply{*entered, to_json(*record)}) : fail_as(entered);
  }
  const auto pid =
      way ? support::enter(*way, kGateTarget, request.gate) : enter_by_engine(request, *record);
  if (!pid) {
    return fail_as(pid);
  }
  if (way) {
    record->entered = support::identify(*pid).value_or(support::Identity{*pid, 0});
    children_.entered(request.sandbox.instance, record->entered);
  }
  const support::Limits limits = plan_limits(request.plan.resources);
  if (auto limited = support::limit_process(*pid, limits); !limited) {
    return fail_as(limited);
  }
  return ExecReply{*pid, to_json(*record)};
}

}  // namespace paddock::engine
