#include "cli/grace.hpp"

#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace paddock::cli {
namespace {

constexpr std::int64_t kLongestGrace = 3600;

}  // namespace

Option grace_option() {
  return {"grace", 'g', "SECONDS", "time to end before it is killed [10]"};
}

Result<std::chrono::milliseconds> grace_of(const Arguments& arguments) {
  const std::string text = arguments.value("grace", "10");
  std::int64_t seconds = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 ||
      seconds > kLongestGrace) {
    return fail(ErrorCode::kUsage,
                "option '--grace' takes 0 to 3600 seconds, not '" + printable(text) + "'");
  }
  return std::chrono::milliseconds(seconds * 1000);
}

}  // namespace paddock::cli
