#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "cli/app.hpp"

int main(int argc, char** argv) {
  // Answered before anything is initialised: shells and scripts ask it often.
  if (argc == 2 && (std::strcmp(argv[1], "--version") == 0 || std::strcmp(argv[1], "-V") == 0)) {
    const char* line = paddock::cli::kVersionLine;
    return ::write(STDOUT_FILENO, line, std::strlen(line)) < 0 ? 1 : 0;
  }
  return paddock::cli::run_program(
      std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
