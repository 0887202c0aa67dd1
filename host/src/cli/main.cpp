#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "cli/app.hpp"

namespace {

/// `paddock --version`, answered without anything else: shells and scripts ask it often.
bool answer_version(int argc, char** argv) {
  if (argc != 2 || (std::strcmp(argv[1], "--version") != 0 && std::strcmp(argv[1], "-V") != 0)) {
    return false;
  }
  const char* line = paddock::cli::kVersionLine;
  if (::write(STDOUT_FILENO, line, std::strlen(line)) < 0) {
    ::_exit(1);
  }
  return true;
}

#if defined(__has_feature)
#define PADDOCK_HAS_FEATURE(x) __has_feature(x)
#else
#define PADDOCK_HAS_FEATURE(x) 0
#endif

// A sanitizer's run-time library has to come first.
#if defined(__ELF__) && !defined(__SANITIZE_ADDRESS__) && !PADDOCK_HAS_FEATURE(address_sanitizer)
/// Called by the loader before every static initialiser, the C++ library's own included: those
/// take longer than the answer.
void answer_before_initialisers(int argc, char** argv, char**) {
  if (answer_version(argc, argv)) {
    ::_exit(0);
  }
}
__attribute__((section(".preinit_array"),
               used)) void (*const early)(int, char**, char**) = answer_before_initialisers;
#endif

}  // namespace

int main(int argc, char** argv) {
  if (answer_version(argc, argv)) {
    return 0;
  }
  return paddock::cli::run_program(
      std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
