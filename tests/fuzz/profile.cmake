paddock_fuzz_target(profile SOURCES profile_fuzz.cpp LINK paddock-profile)
