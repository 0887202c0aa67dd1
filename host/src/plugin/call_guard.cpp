#include "plugin/call_guard.hpp"

#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace paddock::plugin {
namespace {

constexpr std::array<int, 7> kCrashSignals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE,
                                              SIGABRT, SIGSYS, SIGTRAP};

/// Everything that the handlers read. Written by the main thread while no call is under way.
struct State {
  std::array<char, 512> who{};  ///< "plugin 'x'"
  std::array<char, 128> where{};
  volatile sig_atomic_t active = 0;
  pid_t pid = 0;  ///< a plugin's own forked child is not our business
  void (*last_act)() = nullptr;
  timer_t timer{};
  alignas(16) std::array<char, 64 << 10> stack{};  ///< for handlers when the real stack is used up
};

State& state() {
  static State instance;
  return instance;
}

void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) {
    return;  // nobody is left to tell
  }
}

bool is_ours() {
  return state().active != 0 && ::getpid() == state().pid;
}

[[noreturn]] void die(const char* code, const char* what, const char* how) {
  if (state().last_act != nullptr) {
    state().last_act();
  }
  const char* parts[] = {"paddock: error[",
                         code,
                         "]: plugin '",
                         state().who.data(),
                         "' ",
                         what,
                         " in '",
                         state().where.data(),
                         "'",
                         how,
                         "\n"};
  for (const char* part : parts) {
    say(part);
  }
  ::_exit(kGuardExitStatus);
}

const char* signal_text(int number) {
  switch (number) {
    case SIGSEGV:
      return ": segmentation fault";
    case SIGBUS:
      return ": bus error";
    case SIGABRT:
      return ": aborted";
    case SIGFPE:
      return ": arithmetic error";
    case SIGILL:
      return ": illegal instruction";
    default:
      return ": killed by a signal";
  }
}

extern "C" void on_crash(int number) {
  if (is_ours()) {
    die("P0208", "crashes", signal_text(number));
  }
  ::signal(number, SIG_DFL);
  ::raise(number);
}

extern "C" void on_deadline(int) {
  if (is_ours()) {
    die("P0207", "does not answer", " in time");
  }
}

extern "C" void on_exit_call() {
  if (is_ours()) {
    die("P0206", "calls exit()", "");
  }
}

int deadline_signal() {
  return SIGRTMIN + 3;
}

/// Once a process. The timer is a signal and not a thread, as a process with threads cannot enter
/// user namespaces (setns(2)).
bool install() {
  stack_t alternate{};
  alternate.ss_sp = state().stack.data();
  alternate.ss_size = state().stack.size();
  ::sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  action.sa_handler = on_crash;
  for (const int number : kCrashSignals) {
    ::sigaction(number, &action, nullptr);
  }
  action.sa_handler = on_deadline;
  ::sigaction(deadline_signal(), &action, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = deadline_signal();
  const bool has_timer = ::timer_create(CLOCK_MONOTONIC, &event, &state().timer) == 0;
  return std::atexit(on_exit_call) == 0 && has_timer;
}

void set_timer(std::chrono::milliseconds deadline) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadline);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  when.it_value.tv_nsec = std::chrono::nanoseconds(deadline - seconds).count();
  ::timer_settime(state().timer, 0, &when, nullptr);
}

template <std::size_t N>
void copy(std::array<char, N>& to, std::string_view from) {
  const std::size_t length = std::min(from.size(), N - 1);
  std::copy_n(from.begin(), length, to.begin());
  to[length] = '\0';
}

}  // namespace

CallGuard::CallGuard(std::string_view plugin,
                     std::string_view method,
                     std::chrono::milliseconds deadline) {
  static const bool installed = install();
  copy(state().who, plugin);
  copy(state().where, method);
  state().pid = ::getpid();
  state().active = 1;
  if (installed) {
    set_timer(std::max(deadline, std::chrono::milliseconds(1)));
  }
}

CallGuard::~CallGuard() {
  state().active = 0;
  set_timer(std::chrono::milliseconds(0));
}

void set_last_act(void (*act)()) {
  state().last_act = act;
}

}  // namespace paddock::plugin
