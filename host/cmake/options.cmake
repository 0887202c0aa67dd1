# Language, warnings, sanitizers, and a build tree that mirrors the install tree.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "build type" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# -O3 buys nothing here and costs minutes of compile time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

include(GNUInstallDirs)
set(PADDOCK_BIN_DIR ${CMAKE_BINARY_DIR}/bin)
set(PADDOCK_LIBEXEC_DIR ${CMAKE_BINARY_DIR}/libexec/paddock)
set(PADDOCK_PLUGIN_DIR ${CMAKE_BINARY_DIR}/lib/paddock/plugins)
set(PADDOCK_PROFILE_DIR ${CMAKE_BINARY_DIR}/share/paddock/profiles)

# Flags of paddock's own code; dependencies' headers are included as system headers.
add_library(paddock-flags INTERFACE)
target_compile_options(paddock-flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Werror=unused-result>
  # GCC 12 sees impossible overlaps inside std::string (GCC PR 105651) and unset members inside
  # std::variant (PR 105562).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized>
  $<$<BOOL:${PADDOCK_WERROR}>:-Werror>
  -fstack-protector-strong $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
# Without symbols in a release: the gate and the plugins are digested at each launch.
target_link_options(paddock-flags INTERFACE -Wl,-z,relro,-z,now $<$<CONFIG:Release>:-s>)
if(PADDOCK_SANITIZE)
  target_compile_options(paddock-flags INTERFACE -fsanitize=${PADDOCK_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(paddock-flags INTERFACE -fsanitize=${PADDOCK_SANITIZE})
else()
  # Few shared objects to relocate: process start is what a launch waits for.
  target_link_options(paddock-flags INTERFACE -static-libstdc++ -static-libgcc)
endif()
if(PADDOCK_FUZZ)
  # Coverage in every library, so that the fuzzers see the code under test.
  target_compile_options(paddock-flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
