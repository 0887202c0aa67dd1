#include "keep/log_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <utility>

#include "keep/log_files.hpp"

namespace paddock::keep {
namespace {

constexpr std::size_t kChunk = 1 << 18;

}  // namespace

Result<LogReader> LogReader::open(const std::filesystem::path& directory) {
  os::UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd ? Result<LogReader>(LogReader(std::move(fd)))
            : fail_errno(errno, "cannot open '" + directory.string() + "'");
}

bool LogReader::open_part(std::uint64_t number) {
  os::UniqueFd part(
      ::openat(directory_.get(), part_name(number).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!part) {
    return false;
  }
  part_ = std::move(part);
  number_ = number;
  offset_ = used_ = 0;
  buffer_.clear();
  return true;
}

/// More of this part, or else the next one.
bool LogReader::advance() {
  if (fill()) {
    return true;
  }
  const auto parts = list_parts(directory_.get());
  const auto next = std::upper_bound(parts.begin(), parts.end(), number_);
  if (next == parts.end()) {
    return false;
  }
  if (fill()) {
    return true;  // written before the next one was begun
  }
  const std::uint64_t before = number_;
  const bool opened = open_part(*next);
  missed_ += opened && before != 0 ? number_ - before - 1 : 0;
  return opened;
}

bool LogReader::fill() {
  buffer_.erase(0, std::exchange(used_, 0));
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kChunk);
  ssize_t got = 0;
  do {
    got = part_ ? ::read(part_.get(), buffer_.data() + old, kChunk) : 0;
  } while (got < 0 && errno == EINTR);
  buffer_.resize(old + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

std::optional<std::string_view> LogReader::next_line() {
  std::size_t from = used_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', from);
    if (end != std::string::npos) {
      const std::string_view line(buffer_.data() + used_, end - used_);
      offset_ += line.size() + 1;
      used_ = end + 1;
      return line;
    }
    from = buffer_.size() - used_;  // fill() moves what is unread to the front
    if (!advance()) {
      return std::nullopt;
    }
    from = std::min(from, buffer_.size());
  }
}

std::optional<LogRecord> LogReader::next() {
  while (const auto line = next_line()) {
    if (const auto record = parse_record(*line)) {
      return record;
    }
  }
  return std::nullopt;
}

void LogReader::go_to(const Place& place) {
  if (open_part(place.part)) {
    ::lseek(part_.get(), static_cast<off_t>(place.offset), SEEK_SET);
    offset_ = place.offset;
  }
}

void LogReader::seek_tail(std::uint64_t lines, const std::string& since) {
  std::deque<Place> starts;
  bool begins = true;
  for (Place before = place(); const auto record = next(); before = place()) {
    if (begins && record->time >= since) {
      starts.push_back(before.part == number_ ? before : Place{number_, 0});
    }
    begins = record->ends_line;
    if (starts.size() > lines) {
      starts.pop_front();
    }
  }
  if (!starts.empty()) {
    go_to(starts.front());
  }
}

void LogReader::await_more(std::chrono::milliseconds patience) {
  if (!watch_) {  // what came before it is found by the next look, which is not far
    watch_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    const std::string path = "/proc/self/fd/" + std::to_string(directory_.get());
    ::inotify_add_watch(watch_.get(), path.c_str(), IN_MODIFY | IN_CREATE);
  }
  pollfd ready{watch_.get(), POLLIN, 0};
  std::array<char, 4096> events{};
  if (::poll(&ready, 1, static_cast<int>(patience.count())) > 0) {
    while (::read(watch_.get(), events.data(), events.size()) > 0) {
    }
  }
}

std::uint64_t LogReader::take_missed() {
  return std::exchange(missed_, 0);
}

}  // namespace paddock::keep
