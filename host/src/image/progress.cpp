#include "image/progress.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace paddock::image {
namespace {

/// IMG-05; a longer line is passed over.
constexpr std::size_t kLongestLine = 4096;

void tell(std::string_view line, const Watch& watch) {
  if (auto progress = contract::decode<contract::ImageProgress>(line)) {
    watch(*progress);
  }
}

}  // namespace

Result<std::unique_ptr<ProgressReader>> ProgressReader::start(const Watch& watch) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot make a pipe");
  }
  os::UniqueFd read(ends[0]);
  os::UniqueFd write(ends[1]);
  if (::fcntl(write.get(), F_SETFL, O_NONBLOCK) != 0) {
    return fail_errno(errno, "cannot set up a pipe");
  }
  return std::unique_ptr<ProgressReader>(
      new ProgressReader(std::move(read), std::move(write), watch));
}

ProgressReader::ProgressReader(os::UniqueFd read, os::UniqueFd write, const Watch& watch)
    : read_(std::move(read)), write_(std::move(write)) {
  task_.emplace([this, watch] { return read_all(watch); });
}

bool ProgressReader::read_all(const Watch& watch) const {
  std::array<char, kLongestLine> bytes{};
  std::string text;
  for (;;) {
    const ssize_t count = ::read(read_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return true;
    }
    text.append(bytes.data(), static_cast<std::size_t>(count));
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      tell(std::string_view(text).substr(0, end), watch);
      text.erase(0, end + 1);
    }
    if (text.size() > kLongestLine) {
      text.clear();
    }
  }
}

ProgressReader::~ProgressReader() {
  write_.reset();  // the plugin's copy is closed when its call returns
  task_.reset();
}

}  // namespace paddock::image
