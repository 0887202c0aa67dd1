#include "run/streams.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace paddock::run {
namespace {

constexpr std::array<const char*, 3> kNames = {"standard input", "standard output",
                                               "standard error"};

/// Openings of these lead past every mount of the sandbox: openat(fd, "etc/shadow").
Result<void> refuse_directory(int fd) {
  struct stat status {};
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fstat(fd, &status) != 0) {
    return fail_errno(errno, std::string("cannot look at ") + kNames.at(static_cast<unsigned>(fd)));
  }
  const bool path_only = (flags & O_PATH) != 0;
  if (!S_ISDIR(status.st_mode) && !path_only) {
    return {};
  }
  return fail(ErrorCode::kUsage,
              std::string(kNames.at(static_cast<unsigned>(fd))) +
                  (path_only ? " is a bare path (O_PATH)" : " is a directory") +
                  ", a way out of the sandbox",
              "redirect it to a file or to /dev/null");
}

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

bool same_terminal(int a, int b) {
  struct stat first {
  }, second{};
  return is_terminal(a) && is_terminal(b) && ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 &&
         first.st_rdev == second.st_rdev;
}

}  // namespace

Result<Streams> Streams::open(bool with_terminal) {
  Streams streams;
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (auto fit = refuse_directory(fd); !fit) {
      return fail_as(fit);
    }
  }
  if (with_terminal) {
    auto opened = streams.open_terminal();
    return opened ? Result<Streams>(std::move(streams)) : fail_as(opened);
  }
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (auto replaced = is_terminal(fd) ? streams.replace(fd) : Result<void>(); !replaced) {
      return fail_as(replaced);
    }
  }
  return streams;
}

Result<Streams> Streams::none() {
  Streams streams;
  os::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) {
    return fail_errno(errno, "cannot open '/dev/null'");
  }
  streams.ends_.fill(null.get());
  streams.opened_.push_back(std::move(null));
  return streams;
}

Result<void> Streams::open_terminal() {
  auto terminal = Terminal::create();
  if (!terminal) {
    return fail_as(terminal);
  }
  terminal_.emplace(std::move(*terminal));
  os::UniqueFd worker = terminal_->take_worker();
  ends_ = {worker.get(), worker.get(), is_terminal(STDERR_FILENO) ? worker.get() : STDERR_FILENO};
  opened_.push_back(std::move(worker));
  relays_.push_back(Relay::inwards(terminal_->fd()));
  relays_.push_back(Relay::outwards(terminal_->fd(), STDOUT_FILENO));
  return {};
}

Result<void> Streams::replace(int fd) {
  if (fd == STDERR_FILENO && same_terminal(STDOUT_FILENO, fd)) {
    ends_[2] = ends_[1];  // one pipe keeps the order of what is written to both
    return {};
  }
  auto ours = open_pipe(fd);
  if (!ours) {
    return fail_as(ours);
  }
  const int end = ours->get();
  relays_.push_back(fd == STDIN_FILENO ? Relay::inwards(end, std::move(*ours))
                                       : Relay::outwards(end, fd, std::move(*ours)));
  return {};
}

/// In place of stream `fd`; our end, which does not block.
Result<os::UniqueFd> Streams::open_pipe(int fd) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  const bool inwards = fd == STDIN_FILENO;
  os::UniqueFd theirs(pipe.at(inwards ? 0 : 1)), ours(pipe.at(inwards ? 1 : 0));
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);  // of our end's description alone
  ends_.at(static_cast<unsigned>(fd)) = theirs.get();
  opened_.push_back(std::move(theirs));
  return ours;
}

Result<Streams> Streams::background(const BackgroundStreams& wanted, keep::Ends& ends) {
  auto streams = none();
  if (!streams) {
    return streams;
  }
  ends.terminal = wanted.terminal;
  auto filled =
      wanted.terminal ? streams->fill_terminal(ends) : streams->fill_background(wanted, ends);
  return filled ? std::move(streams) : fail_as(filled);
}

Result<void> Streams::fill_background(const BackgroundStreams& wanted, keep::Ends& ends) {
  const std::array<os::UniqueFd*, 3> ours{&ends.in, &ends.out, &ends.err};
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fd == STDIN_FILENO && !wanted.input) {
      continue;
    }
    auto end = open_pipe(fd);
    if (!end) {
      return fail_as(end);
    }
    *ours.at(static_cast<unsigned>(fd)) = std::move(*end);
  }
  return {};
}

Result<void> Streams::fill_terminal(keep::Ends& ends) {
  auto terminal = Terminal::create();
  if (!terminal) {
    return fail_as(terminal);
  }
  os::UniqueFd worker = terminal->take_worker();
  ends_.fill(worker.get());
  opened_.push_back(std::move(worker));
  ends.out = terminal->take_master();
  ends.in = os::UniqueFd(::fcntl(ends.out.get(), F_DUPFD_CLOEXEC, 3));
  return ends.in ? Result<void>{} : fail_errno(errno, "cannot open the sandbox's terminal");
}

void Streams::describe(contract::GateSpec& spec) const {
  spec.stdin_fd = ends_[0];
  spec.stdout_fd = ends_[1];
  spec.stderr_fd = ends_[2];
}

proof::FileIdentity Streams::terminal_identity() const {
  struct stat status {};
  const bool own = !opened_.empty() && opened_.back().get() == ends_[0];
  return own && is_terminal(ends_[0]) && ::fstat(ends_[0], &status) == 0
             ? proof::FileIdentity{status.st_dev, status.st_ino}
             : proof::FileIdentity{};
}

void Streams::hand_over() {
  opened_.clear();
}

void Streams::want(std::vector<pollfd>& polls) {
  for (const Relay& relay : relays_) {
    polls.push_back(relay.wanted());
  }
}

void Streams::proceed(const pollfd* ready) {
  for (Relay& relay : relays_) {
    relay.proceed(*ready++);
  }
}

/// Only looking again tells that the keyboard is ours once more.
int Streams::patience_ms() const {
  return std::any_of(relays_.begin(), relays_.end(),
                     [](const Relay& relay) { return relay.is_resting(); })
             ? 200
             : -1;
}

void Streams::resize() {
  if (terminal_) {
    terminal_->copy_window_size();
  }
}

void Streams::end_input() {
  std::erase_if(relays_, [](const Relay& relay) { return !relay.is_outwards(); });
}

bool Streams::is_over() {
  return std::all_of(relays_.begin(), relays_.end(),
                     [](const Relay& relay) { return relay.is_over(); });
}

bool Streams::is_pending() const {
  return std::any_of(relays_.begin(), relays_.end(),
                     [](const Relay& relay) { return relay.is_pending(); });
}

}  // namespace paddock::run
