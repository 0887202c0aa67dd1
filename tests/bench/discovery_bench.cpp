// Discovery of 1,000 installed plugins, cached and not, and of one among them by its id.
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "bench.hpp"
#include "plugin/registry.hpp"

using namespace paddock;         // NOLINT(google-build-using-namespace)
using namespace paddock::bench;  // NOLINT(google-build-using-namespace)

namespace {

constexpr int kPlugins = 1000;

constexpr const char* kBackendMethods =
    R"("probe", "prepare", "create", "exec", "inspect", "stop", "remove")";

/// A manifest of ordinary size: eight options.
std::string manifest(const std::string& id, const std::string& kind) {
  std::string text = "id = \"" + id + "\"\nkind = \"" + kind +
                     "\"\nversion = \"1.0.0\"\nabi = 1\nsummary = \"plugin number " + id +
                     "\"\nmethods = [" + (kind == "backend" ? kBackendMethods : "") + "]\n";
  for (int i = 0; i < 8; ++i) {
    text += "\n[[option]]\nkey = \"option_" + std::to_string(i) +
            "\"\ntype = \"texts\"\nnarrowing = \"superset\"\ndefault = [\"a\", \"b\"]\n"
            "doc = \"what option number " +
            std::to_string(i) + " does and in which unit\"\n";
  }
  return text;
}

void fill(const std::filesystem::path& search) {
  for (int i = 0; i < kPlugins; ++i) {
    const std::string id = "plugin-" + std::to_string(i);
    std::filesystem::create_directories(search / id);
    std::ofstream(search / id / "manifest.toml")
        << manifest(id, i % 100 == 0 ? "backend" : "hardener");
  }
}

/// The whole listing, as `paddock plugin list` needs it.
void list(const plugin::Settings& settings) {
  const auto registry = plugin::Registry::discover(settings);
  if (registry->manifests().size() != kPlugins) {
    note("the listing is not complete: " + std::to_string(registry->manifests().size()) +
         " plugins" +
         (registry->broken().empty() ? "" : ", " + registry->broken().begin()->second.what));
    std::abort();
  }
}

}  // namespace

int main() {
  std::string name = (std::filesystem::temp_directory_path() / "paddock-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return 2;
  }
  const std::filesystem::path dir = name;
  fill(dir / "plugins");
  // The cache keeps no file that changed less than two seconds ago.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  plugin::Settings settings;
  settings.search = {{dir / "plugins", plugin::Mode::kChildProcess}};
  const auto uncached = sample_us(9, [&] { list(settings); });
  settings.cache_file = dir / "cache" / "manifests";
  list(settings);
  const auto cached = sample_us(21, [&] { list(settings); });
  const auto one = sample_us(
      21, [&] { static_cast<void>(plugin::Registry::discover(settings)->find("plugin-500")); });
  const auto kind = sample_us(21, [&] {
    static_cast<void>(plugin::Registry::discover(settings)->of_kind(plugin::Kind::kBackend));
  });
  const auto in_ms = [](Samples samples) {
    for (double& sample : samples) {
      sample /= 1000;
    }
    return samples;
  };
  report("discovery of 1,000 plugins, uncached", in_ms(uncached), "ms", 150);
  report("discovery of 1,000 plugins, cached", in_ms(cached), "ms", 20);
  report("one plugin by its id among 1,000", in_ms(one), "ms", 1);
  report("the 10 backends among 1,000, no cache", in_ms(kind), "ms", 0);
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);
  return verdict();
}
