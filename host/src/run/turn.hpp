// How many launches of one backend are under way at once: more than the machine has processors make
// every one of them slower, and an engine loses up to half of what it could do.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "os/lock.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::run {

/// Waits until fewer than `limit` others of this user have a turn; the lock is it. `directory` is
/// made. `waits` is called once, where that takes so long that somebody may wonder. Nothing when
/// `gives_up`, which is asked now and then, says so. Errors: kSystem.
Result<std::optional<os::FileLock>> take_turn(const std::filesystem::path& directory,
                                              const std::string& backend,
                                              unsigned limit,
                                              const std::function<bool()>& gives_up,
                                              const std::function<void()>& waits);

/// One for each processor, and two at the least.
unsigned turns_at_once();

}  // namespace paddock::run
