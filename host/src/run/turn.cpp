#include "run/turn.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "os/file.hpp"

namespace paddock::run {
namespace {

// Short for one that waits for one other; where many wait, somebody always has just woken.
constexpr std::chrono::milliseconds kPause{5}, kLongestPause{40};
constexpr std::chrono::seconds kWonder{1};

}  // namespace

Result<std::optional<os::FileLock>> take_turn(const std::filesystem::path& directory,
                                              const std::string& backend,
                                              unsigned limit,
                                              const std::function<bool()>& gives_up,
                                              const std::function<void()>& waits) {
  if (auto made = os::make_private_dir(directory); !made) {
    return fail_as(made);
  }
  const auto begin = std::chrono::steady_clock::now();
  bool told = false;
  for (auto pause = kPause; !gives_up(); pause = std::min(pause * 2, kLongestPause)) {
    for (unsigned turn = 0; turn < limit; ++turn) {
      auto lock = os::FileLock::try_acquire(directory / (backend + "-" + std::to_string(turn)));
      if (!lock || *lock) {
        return lock;
      }
    }
    if (!told && std::chrono::steady_clock::now() - begin >= kWonder) {
      told = true;
      waits();
    }
    std::this_thread::sleep_for(pause);
  }
  return std::optional<os::FileLock>{};
}

unsigned turns_at_once() {
  return std::max(2U, std::thread::hardware_concurrency());
}

}  // namespace paddock::run
