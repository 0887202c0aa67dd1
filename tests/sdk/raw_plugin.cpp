#include "raw_plugin.hpp"

#include <stdlib.h>

#include "support/text_file.hpp"

namespace paddock::test {

RawPlugin::RawPlugin(const std::string& lie,
                     const std::string& manifest,
                     const std::string& library) {
  setenv("RAW_LIE", lie.c_str(), 1);
  setenv("RAW_MANIFEST", manifest.c_str(), 1);
  write_text(directory_ / "manifest.toml", manifest);
  std::filesystem::copy(PADDOCK_BUILD_DIR "/tests/sdk/plugins/raw/lib" + library + ".so",
                        directory_ / "libraw.so");
}

RawPlugin::~RawPlugin() {
  unsetenv("RAW_LIE");
  unsetenv("RAW_MANIFEST");
}

}  // namespace paddock::test
