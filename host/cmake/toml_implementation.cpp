// The one translation unit that compiles toml++ (see dependencies.cmake).
#include <toml++/toml.h>
