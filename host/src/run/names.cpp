#include "run/names.hpp"

#include <algorithm>
#include <ctime>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/when.hpp"
#include "profile/project.hpp"

namespace paddock::run {

Result<void> check_name(const std::string& name) {
  return is_name(name)
             ? Result<void>{}
             : Result<void>(fail(ErrorCode::kBadName, "bad sandbox name '" + printable(name) + "'",
                                 kNameRule));
}

std::string as_name(std::string_view text) {
  constexpr std::size_t kLongest = 50;
  std::string name;
  for (const char byte : text.substr(0, kLongest)) {
    const char small = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    const bool letter = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    if (letter) {
      name += small;
    } else if (!name.empty() && name.back() != '-' && name.back() != '.') {
      name += byte == '.' || byte == '_' ? byte : '-';
    }
  }
  while (!name.empty() && (name.back() == '-' || name.back() == '.')) {
    name.pop_back();
  }
  return is_name(name) ? name : "sandbox";
}

namespace {

std::string stem_of(const std::filesystem::path& profile) {
  if (!profile::is_project_path(profile)) {
    return profile.stem().string();
  }
  std::error_code ignored;
  const auto path = std::filesystem::absolute(profile, ignored).lexically_normal();
  return as_name(profile::folder_of_profile(path).filename().string());
}

}  // namespace

Result<std::string> choose_name(const std::string& wanted,
                                const std::string& profile,
                                const Store& store) {
  if (!wanted.empty()) {
    const auto checked = check_name(wanted);
    return checked ? Result<std::string>(wanted) : fail_as(checked);
  }
  const std::string stem = stem_of(profile);
  const std::string base = stem.size() <= 50 && is_name(stem) ? stem : "sandbox";
  for (;;) {
    std::string name = base + "-" + random_hex(2);
    std::error_code ignored;
    if (!std::filesystem::exists(store.directory(name), ignored)) {
      return name;
    }
  }
}

std::string branch_sandbox_name(const std::string& profile, const std::string& branch) {
  constexpr std::size_t kLongest = 63;
  const std::string stem = stem_of(profile);
  const std::size_t room = kLongest - 1 - std::min<std::size_t>(branch.size(), kLongest - 2);
  return as_name(stem).substr(0, room) + "-" + branch;
}

std::string now_text() {
  return when_text(std::time(nullptr));
}

}  // namespace paddock::run
