#include "run/names.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

namespace paddock::run {

Result<void> check_name(const std::string& name) {
  return is_name(name)
             ? Result<void>{}
             : Result<void>(fail(ErrorCode::kBadName, "bad sandbox name '" + printable(name) + "'",
                                 kNameRule));
}

Result<std::string> choose_name(const std::string& wanted,
                                const std::string& profile,
                                const Store& store) {
  if (!wanted.empty()) {
    const auto checked = check_name(wanted);
    return checked ? Result<std::string>(wanted) : fail_as(checked);
  }
  const std::string stem = std::filesystem::path(profile).stem().string();
  const std::string base = stem.size() <= 50 && is_name(stem) ? stem : "sandbox";
  for (;;) {
    std::string name = base + "-" + random_hex(2);
    std::error_code ignored;
    if (!std::filesystem::exists(store.directory(name), ignored)) {
      return name;
    }
  }
}

}  // namespace paddock::run
