#include "run/detach_keys.hpp"

#include <optional>

#include "base/text.hpp"

namespace paddock::run {
namespace {

/// The byte that a terminal sends for a key.
std::optional<char> key_byte(std::string_view name) {
  constexpr std::string_view kControl = "ctrl-";
  if (name.size() == 1) {
    return name.front();
  }
  if (!name.starts_with(kControl) || name.size() != kControl.size() + 1) {
    return std::nullopt;
  }
  const char key = name.back();
  if (key >= 'a' && key <= 'z') {
    return static_cast<char>(key - 'a' + 1);
  }
  return key == '@' || (key >= '[' && key <= '_') ? std::optional<char>(key - '@') : std::nullopt;
}

}  // namespace

Result<DetachKeys> DetachKeys::parse(std::string_view text) {
  DetachKeys keys;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const auto byte = key_byte(name);
    if (!byte) {
      return fail(
          ErrorCode::kUsage, "bad detach keys '" + printable(text) + "'",
          "write them as 'ctrl-p,ctrl-q': a character, or ctrl- and a letter, @ [ \\ ] ^ _");
    }
    keys.keys_.push_back(*byte);
  }
  return keys;
}

bool DetachKeys::strike(std::string& typed) {
  if (keys_.empty()) {
    return false;
  }
  std::string passed;
  for (const char byte : typed) {
    held_.push_back(byte);
    while (!keys_.starts_with(held_)) {
      passed.push_back(held_.front());
      held_.erase(0, 1);
    }
    if (held_ == keys_) {
      held_.clear();
      typed = std::move(passed);
      return true;
    }
  }
  typed = std::move(passed);
  return false;
}

}  // namespace paddock::run
