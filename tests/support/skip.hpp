// How a test says that this machine cannot show what it is about. CTest reports the test as
// skipped, and `tests/run --strict` fails on any skip that tests/expected_skips does not name.
#pragma once

#include <iostream>

/// Ends the test case as skipped, so nothing may have failed in it before; CTest would not see it:
/// PADDOCK_SKIP("no user namespaces here").
#define PADDOCK_SKIP(reason)                                \
  do {                                                      \
    std::cout << "paddock-skip: " << (reason) << std::endl; \
    return;                                                 \
  } while (false)
