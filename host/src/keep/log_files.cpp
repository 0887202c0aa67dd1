#include "keep/log_files.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace paddock::keep {
namespace {

constexpr std::string_view kSuffix = ".log";
constexpr std::size_t kDigits = 8;

/// 0 for a name that is no part's.
std::uint64_t part_number(std::string_view name) {
  std::uint64_t number = 0;
  if (!name.ends_with(kSuffix)) {
    return 0;
  }
  name.remove_suffix(kSuffix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc{} && end == name.data() + name.size() ? number : 0;
}

}  // namespace

std::string part_name(std::uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < kDigits ? kDigits - digits.size() : 0, '0');
  return digits.append(kSuffix);
}

std::vector<std::uint64_t> list_parts(int fd) {
  std::vector<std::uint64_t> numbers;
  DIR* const directory = ::fdopendir(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory == nullptr) {
    return numbers;
  }
  while (const dirent* entry = ::readdir(directory)) {
    if (const std::uint64_t number = part_number(entry->d_name); number != 0) {
      numbers.push_back(number);
    }
  }
  ::closedir(directory);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace paddock::keep
