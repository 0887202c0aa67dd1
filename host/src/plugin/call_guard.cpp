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

/// Everything that the handlers read of one thread, which alone writes it, and while no call of it
/// is under way. A crash is handled by the thread that crashes, and a deadline by the one it is
/// for.
struct GuardState {
  std::array<char, 512> who{};  ///< "plugin 'x'"
  std::array<char, 128> where{};
  volatile sig_atomic_t active = 0;
  pid_t pid = 0;  ///< a plugin's own forked child is not our business
  bool has_timer = false;
  timer_t timer{};
  alignas(16) std::array<char, 64 << 10> stack;  ///< for handlers when the real stack is used up
};

namespace {

constexpr std::array<int, 7> kCrashSignals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE,
                                              SIGABRT, SIGSYS, SIGTRAP};

void (*last_act)() = nullptr;
thread_local GuardState* beside = nullptr;  ///< of a thread beside the main one

GuardState& state() {
  static GuardState main_thread;
  return beside != nullptr ? *beside : main_thread;
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
  if (last_act != nullptr) {
    last_act();
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

/// Once a thread. The timer is a signal and not a thread of its own, which would cost more.
void equip(GuardState& thread) {
  stack_t alternate{};
  alternate.ss_sp = thread.stack.data();
  alternate.ss_size = thread.stack.size();
  ::sigaltstack(&alternate, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = deadline_signal();
  event._sigev_un._tid = ::gettid();
  thread.has_timer = ::timer_create(CLOCK_MONOTONIC, &event, &thread.timer) == 0;
}

/// Once a process.
bool install() {
  struct sigaction action {};
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  action.sa_handler = on_crash;
  for (const int number : kCrashSignals) {
    ::sigaction(number, &action, nullptr);
  }
  action.sa_handler = on_deadline;
  ::sigaction(deadline_signal(), &action, nullptr);
  return std::atexit(on_exit_call) == 0;
}

/// A GuardedThread has equipped itself.
void prepare() {
  [[maybe_unused]] static const bool installed = install();
  if (beside == nullptr) {
    [[maybe_unused]] static const bool equipped = (equip(state()), true);
  }
}

void set_timer(std::chrono::milliseconds deadline) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadline);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  when.it_value.tv_nsec = std::chrono::nanoseconds(deadline - seconds).count();
  if (state().has_timer) {
    ::timer_settime(state().timer, 0, &when, nullptr);
  }
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
  prepare();
  copy(state().who, plugin);
  copy(state().where, method);
  state().pid = ::getpid();
  state().active = 1;
  set_timer(std::max(deadline, std::chrono::milliseconds(1)));
}

CallGuard::~CallGuard() {
  state().active = 0;
  set_timer(std::chrono::milliseconds(0));
}

GuardedThread::GuardedThread() : state_(std::make_unique_for_overwrite<GuardState>()) {
  beside = state_.get();
  equip(*state_);
  sigset_t guarded;
  ::sigemptyset(&guarded);
  ::sigaddset(&guarded, deadline_signal());
  for (const int number : kCrashSignals) {
    ::sigaddset(&guarded, number);
  }
  ::pthread_sigmask(SIG_UNBLOCK, &guarded, nullptr);
}

GuardedThread::~GuardedThread() {
  beside = nullptr;
  if (state_->has_timer) {
    ::timer_delete(state_->timer);
  }
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  ::sigaltstack(&none, nullptr);
}

void set_last_act(void (*act)()) {
  last_act = act;
}

}  // namespace paddock::plugin
