// One short program, asked one thing: bounded in time and in what it says. [one thread]
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "paddock/contract/result.hpp"

namespace paddock::engine {

struct Errand {
  std::string program;  ///< absolute
  std::string name;     ///< its argv[0], and what messages call it
  std::string argument;
  std::string input;  ///< its standard input, at its end afterwards
  std::chrono::milliseconds patience;
  std::function<bool()> cancelled = {};  ///< asked several times a second
};

struct Said {
  enum class End { kExited, kKilled, kLate, kTooLong };
  End end;
  int exit_code = 0;      ///< of kExited
  std::string text = {};  ///< of kExited
};

/// Runs it with this process's environment, without a terminal; its standard error is lost. What it
/// started ends with it. Errors: kInterrupted; kSystem where it cannot be run.
Result<Said> run_errand(const Errand& errand);

/// A program of that name in PATH's absolute folders; empty: there is none.
std::string find_in_path(const std::string& name);

}  // namespace paddock::engine
