// One more gate in a running sandbox whose kernel is not the host's. The engine starts it as that
// kernel's root: the workload can neither look into it nor connect where it does, for the socket is
// in a folder of root's. Which connection is its own it says by a secret, which goes the engine's
// way to it alone. Of the host's processes one stands for it.
#include <fcntl.h>
#include <sys/random.h>

#include <cerrno>
#include <string>

#include <nlohmann/json.hpp>

#include "support/engine/backend.hpp"
#include "support/engine/guest/guest.hpp"
#include "support/engine/handover.hpp"
#include "support/engine/locality.hpp"
#include "support/engine/record.hpp"
#include "support/engine/request.hpp"
#include "support/spawn.hpp"

namespace paddock::engine {
namespace {

constexpr std::chrono::seconds kStartDeadline{20};
constexpr std::size_t kSecretSize = 32;  // gate/protocol.h

std::string entry_config(const contract::User& user) {
  return nlohmann::json{{"Cmd",
                         {kGateTarget, "arrive", std::string(kWayTarget) + "/socket",
                          std::to_string(user.uid), std::to_string(user.gid)}},
                        {"User", "0:0"},
                        {"Privileged", true},
                        {"WorkingDir", "/"},
                        {"AttachStdin", true},
                        {"AttachStderr", true}}
      .dump();
}

Result<std::string> make_secret() {
  std::string secret(kSecretSize, '\0');
  return ::getrandom(secret.data(), secret.size(), 0) == static_cast<ssize_t>(secret.size())
             ? Result<std::string>(std::move(secret))
             : fail_errno(errno, "cannot make a secret");
}

/// A gate that the engine has started as root, and the stream to it.
struct Begun {
  std::string exec;
  Connection stream;
};

Result<Begun> begin_as_root(Engine& engine,
                            const std::string& container,
                            const contract::User& user,
                            const std::string& secret) {
  auto exec = engine.exec_create(container, entry_config(user));
  auto stream = exec ? engine.exec_hold(*exec) : fail_as(exec);
  if (!stream) {
    return fail_as(stream);
  }
  auto said = stream->await_stream(kStartDeadline);
  said = said ? stream->send(secret) : said;
  return said ? Result<Begun>(Begun{std::move(*exec), std::move(*stream)}) : fail_as(said);
}

}  // namespace

Result<support::Identity> hold_leash(const std::string& gate,
                                     const support::UniqueFd& leash,
                                     int terminal) {
  const support::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  support::Launch launch;
  launch.program = gate;
  launch.argv = {"paddock-gate", "leash", std::to_string(leash.get())};
  launch.stdio = {null.get(), null.get(), null.get()};
  launch.inherited = {leash.get()};
  if (terminal >= 0) {
    launch.argv.push_back(std::to_string(terminal));
    launch.inherited.push_back(terminal);
  }
  const auto child = support::spawn(launch);
  return child ? Result<support::Identity>(
                     support::identify(child->pid).value_or(support::Identity{child->pid, 0}))
               : fail_as(child);
}

Result<pid_t> give_terminal(Handover& handover,
                            const std::function<bool(pid_t)>& is_meant,
                            const contract::GateSpec& gate,
                            const std::function<bool()>& alive) {
  const auto leash = handover.give_for("", is_meant, gate, alive);  // no workload runs yet
  const auto holder = leash ? hold_leash(gate.path, *leash, gate.stdin_fd) : fail_as(leash);
  return holder ? Result<pid_t>(peer_of(leash->get())) : fail_as(holder);
}

Result<pid_t> EngineBackend::enter_guest(const contract::ExecRequest& request, Record& sandbox) {
  const bool terminal = request.plan.process.terminal;
  if (auto ready = prepare_streams(request.gate, terminal); !ready) {
    return fail_as(ready);
  }
  const std::string way = way_folder(sandbox.runtime_dir);
  const auto secret = make_secret();
  const auto turn = secret ? take_turn(way) : fail_as(secret);
  auto handover = turn ? Handover::listen(way) : fail_as(turn);
  auto begun = handover
                   ? begin_as_root(*engine_, sandbox.container, request.plan.process.user, *secret)
                   : fail_as(handover);
  if (!begun) {
    return fail_as(begun);
  }
  const auto alive = [&] {
    const auto now = engine_->exec_inspect(begun->exec);
    return now && *now && (*now)->running;
  };
  const auto is_meant = [&](pid_t who) { return is_process_of(sandbox.container, who); };
  const auto leash = handover->give_for(*secret, is_meant, request.gate, alive);
  const auto holder =
      leash ? hold_leash(request.gate.path, *leash, terminal ? request.gate.stdin_fd : -1)
            : fail_as(leash);
  if (!holder) {
    return fail_as(holder);
  }
  sandbox.entered = *holder;
  children_.entered(request.sandbox.instance, *holder);
  held_.insert_or_assign(begun->exec, std::move(begun->stream));
  return holder->pid;
}

}  // namespace paddock::engine
