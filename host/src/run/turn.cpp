#include "run/turn.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "os/file.hpp"

namespace paddock::run {
namespace {

constexpr std::chrono::milliseconds kPause{10};

}  // namespace

Result<std::optional<os::FileLock>> take_turn(const std::filesystem::path& directory,
                                              const std::string& backend,
                                              unsigned limit,
                                              const std::function<bool()>& gives_up) {
  if (auto made = os::make_private_dir(directory); !made) {
    return fail_as(made);
  }
  for (; !gives_up(); std::this_thread::sleep_for(kPause)) {
    for (unsigned turn = 0; turn < limit; ++turn) {
      auto lock = os::FileLock::try_acquire(directory / (backend + "-" + std::to_string(turn)));
      if (!lock || *lock) {
        return lock;
      }
    }
  }
  return std::optional<os::FileLock>{};
}

unsigned turns_at_once() {
  return std::max(2U, std::thread::hardware_concurrency());
}

}  // namespace paddock::run
