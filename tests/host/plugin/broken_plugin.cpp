#include "host/plugin/broken_plugin.hpp"

#include <sys/stat.h>

#include <cstdlib>

#include "base/render.hpp"
#include "os/process.hpp"
#include "support/text_file.hpp"

namespace paddock::test {

std::string broken_manifest() {
  return read_text(std::string(PADDOCK_SOURCE_DIR) +
                   "/tests/fixtures/plugins/broken/manifest.toml");
}

BrokenPlugin::BrokenPlugin(const std::string& variant) {
  std::filesystem::create_directory(directory());
  std::filesystem::copy_file(std::string(PADDOCK_BUILD_DIR) + "/fixtures/broken-" + variant + ".so",
                             library());
  write_text(manifest(), broken_manifest());
  // Whatever the umask of the build and of this process.
  ::chmod(directory().c_str(), 0755);
  ::chmod(library().c_str(), 0644);
  ::chmod(manifest().c_str(), 0644);
  ::setenv("PADDOCK_TEST_MARKER", marker().c_str(), 1);
}

plugin::Settings BrokenPlugin::settings(plugin::Mode mode) const {
  plugin::Settings settings;
  settings.search = {{search(), mode}};
  settings.child_program = PADDOCK_PLUGIN_DRIVER;
  return settings;
}

std::string BrokenPlugin::refusal(const plugin::Settings& settings) const {
  const auto registry = plugin::Registry::discover(settings);
  const auto manifest = registry->find("broken");
  if (!manifest) {
    return shorten(render(manifest.error()));
  }
  const auto loaded = registry->load(**manifest, "{}");
  return loaded ? "" : shorten(render(loaded.error()));
}

std::string BrokenPlugin::shorten(std::string text) const {
  const std::string path = search().string();
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path)) {
    text.replace(at, path.size(), "DIR");
  }
  return text;
}

Driven drive(const BrokenPlugin& plugin,
             const std::string& mode,
             const std::string& wrong,
             const std::string& place,
             const std::string& method,
             int deadline_ms,
             std::optional<int> interrupt_ms) {
  std::vector<std::string> argv = {
      PADDOCK_PLUGIN_DRIVER,      mode, plugin.search().string(), wrong, place, method,
      std::to_string(deadline_ms)};
  if (interrupt_ms) {
    argv.push_back(std::to_string(*interrupt_ms));
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto ran = os::capture(argv, std::chrono::seconds(60), 16 << 20);
  if (!ran) {
    return {-1, "", render(ran.error()), {}};
  }
  return {os::exit_code(ran->status), ran->out, ran->err,
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                begin)};
}

}  // namespace paddock::test
