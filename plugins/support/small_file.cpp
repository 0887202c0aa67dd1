#include "support/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "support/unique_fd.hpp"

namespace paddock::support {

std::optional<std::string> read_small_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // of a pipe: no wait
  if (!fd) {
    return std::nullopt;
  }
  struct stat status {};
  const bool sized = ::fstat(fd.get(), &status) == 0 && status.st_size > 0;
  std::string text(sized ? static_cast<std::size_t>(status.st_size) + 1 : 4096, '\0');
  std::size_t used = 0;
  while (true) {
    if (used == text.size()) {
      text.resize(4 * text.size());
    }
    const ssize_t got = ::read(fd.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno != EINTR) {
      return std::nullopt;
    }
    if (got == 0) {
      text.resize(used);
      return text;
    }
    used += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
}

int write_small_file(const std::string& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) {
    return errno;
  }
  const ssize_t put = ::write(fd.get(), text.data(), text.size());
  return put == static_cast<ssize_t>(text.size()) ? 0 : (put < 0 ? errno : EIO);
}

std::optional<long long> read_number(const std::string& path) {
  const auto text = read_small_file(path);
  long long number = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc{}) {
    return std::nullopt;
  }
  return number;
}

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  std::vector<std::string> words;
  for (std::size_t begin = text.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

}  // namespace paddock::support
