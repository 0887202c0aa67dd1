# Libraries of the host. Static where that is possible; each behind one target of ours.
find_package(tl-expected REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package file, where it has one
endif()
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(Threads REQUIRED)

# toml++ compiled once into a static library: Debian ships only a shared one, and a header-only
# debug build aborts on some inputs.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(paddock-toml STATIC ${CMAKE_CURRENT_LIST_DIR}/toml_implementation.cpp)
target_include_directories(paddock-toml SYSTEM PUBLIC ${TOMLPLUSPLUS_INCLUDE_DIR})
target_compile_definitions(paddock-toml PUBLIC TOML_HEADER_ONLY=0 TOML_ENABLE_UNRELEASED_FEATURES=0
  PRIVATE TOML_IMPLEMENTATION NDEBUG)

# spdlog and fmt header-only, used by one source file.
find_path(SPDLOG_INCLUDE_DIR spdlog/spdlog.h REQUIRED)
add_library(paddock-spdlog INTERFACE)
target_include_directories(paddock-spdlog SYSTEM INTERFACE ${SPDLOG_INCLUDE_DIR})
target_compile_definitions(paddock-spdlog INTERFACE SPDLOG_HEADER_ONLY SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)

find_library(CRYPTO_LIBRARY NAMES libcrypto.a crypto REQUIRED)
find_path(CRYPTO_INCLUDE_DIR openssl/sha.h REQUIRED)
add_library(paddock-crypto INTERFACE)
target_include_directories(paddock-crypto SYSTEM INTERFACE ${CRYPTO_INCLUDE_DIR})
target_link_libraries(paddock-crypto INTERFACE ${CRYPTO_LIBRARY})

# Boost.DLL is header-only with std::filesystem.
add_library(paddock-boost-dll INTERFACE)
target_include_directories(paddock-boost-dll SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_compile_definitions(paddock-boost-dll INTERFACE BOOST_DLL_USE_STD_FS)
target_link_libraries(paddock-boost-dll INTERFACE ${CMAKE_DL_LIBS})

# Boost.Program_options, static where the archive exists.
find_library(PROGRAM_OPTIONS_LIBRARY NAMES libboost_program_options.a boost_program_options REQUIRED)
add_library(paddock-program-options INTERFACE)
target_include_directories(paddock-program-options SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_link_libraries(paddock-program-options INTERFACE ${PROGRAM_OPTIONS_LIBRARY})
