// check DIRECTORY: whether the template's plugin passes its suite.
#include <iostream>

#include "paddock/testing/conformance.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const auto report = paddock::testing::check_hardener({argv[1], R"({"processes":512})", {}});
  std::cerr << report.failures();
  return report.passed() && report.checks.size() > 10 ? 0 : 1;
}
