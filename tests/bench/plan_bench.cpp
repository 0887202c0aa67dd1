// From a profile file to a merged and reviewed plan with six hardeners, in this process.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/render.hpp"
#include "bench.hpp"
#include "os/process.hpp"
#include "plan/planner.hpp"

using namespace paddock;         // NOLINT(google-build-using-namespace)
using namespace paddock::bench;  // NOLINT(google-build-using-namespace)

namespace {

namespace fs = std::filesystem;

constexpr int kPlugins = 6;
const std::string kExample = "tight-limits";

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  fs::permissions(file, fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
  fs::permissions(file.parent_path(), fs::perms::group_write | fs::perms::others_write,
                  fs::perm_options::remove);
}

/// "tight-limit3": as long as the example's id, so that it can take its place in the library.
std::string id_of(int number) {
  return kExample.substr(0, kExample.size() - 1) + std::to_string(number);
}

std::string renamed(std::string text, const std::string& id) {
  for (auto at = text.find(kExample); at != std::string::npos; at = text.find(kExample, at)) {
    text.replace(at, id.size(), id);
  }
  return text;
}

/// Six plugins, a base profile that asks for nothing, and a profile that names all six.
void install(const fs::path& root) {
  const fs::path example = PADDOCK_BENCH_EXAMPLE;
  std::string profile =
      "schema_version = 1\n[resources]\nmemory = \"1GiB\"\ncpus = 1\ndisk = \"256MiB\"\n";
  for (int number = 1; number <= kPlugins; ++number) {
    const std::string id = id_of(number);
    const fs::path directory = root / "plugins" / id;
    write(directory / "manifest.toml", renamed(read(example / "manifest.toml"), id));
    write(directory / ("lib" + id + ".so"),
          renamed(read(example / ("lib" + kExample + ".so")), id));
    profile += "[hardener." + id + "]\nopen_files = " + std::to_string(100 + number) + "\n";
  }
  write(root / "user" / "six.toml", profile);
  write(root / "shipped" / "base.toml", "schema_version = 1\n");
}

profile::Context context(const fs::path& root, const plugin::Registry& registry) {
  profile::Context out = profile::current_context();
  out.user_dir = root / "user";
  out.shipped_dir = root / "shipped";
  out.approvals = root / "approvals";
  for (int number = 1; number <= kPlugins; ++number) {
    const auto manifest = registry.find(id_of(number));
    if (manifest) {
      out.plugin_options[id_of(number)] = (*manifest)->options;
      out.known_plugins.push_back(id_of(number));
    }
  }
  return out;
}

template <typename T>
T value_of(Result<T> result) {
  if (!result) {
    note(render(result.error()));
    ::_exit(2);
  }
  return std::move(*result);
}

/// One plan, from nothing.
void plan_once(const fs::path& root) {
  plugin::Settings settings;
  settings.search = {{root / "plugins", plugin::Mode::kInProcess}};
  const auto registry = value_of(plugin::Registry::discover(settings));
  const auto profile = value_of(profile::resolve({"six", "bench", {}}, context(root, registry)));
  plan::LaunchFacts facts = plan::current_facts();
  facts.name = "bench";
  facts.command = {"true"};
  const auto planned = value_of(plan::explain_plan(profile, facts, registry, {}));
  if (planned.hardeners.size() != kPlugins ||
      planned.draft.plan.security.rlimits.at("nofile") != 101) {
    note("the plan is not what six hardeners ask for");
    ::_exit(2);
  }
}

/// A program of its own for each sample, since a library once opened stays open.
double first_plan_us(const std::string& root) {
  const auto told = os::capture({"/proc/self/exe", "--once", root}, std::chrono::seconds(60));
  if (!told || told->status != 0) {
    note(told ? told->err : render(told.error()));
    std::exit(2);
  }
  return std::stod(told->out);
}

Samples milliseconds(Samples samples) {
  for (double& sample : samples) {
    sample /= 1000;
  }
  return samples;
}

}  // namespace

int main(int count, char** words) {
  if (count == 3 && std::string(words[1]) == "--once") {
    const std::string root = words[2];
    std::cout << time_us([&] { plan_once(root); });
    return 0;
  }
  std::string name = (fs::temp_directory_path() / "paddock-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return 2;
  }
  install(name);
  Samples first;
  for (int round = 0; round < 31; ++round) {
    first.push_back(first_plan_us(name));
  }
  report("plan of a six-plugin profile, in a new process", milliseconds(first), "ms", 15);
  const Samples again = sample_us(101, [&] { plan_once(name); });
  report("plan of a six-plugin profile, libraries open", milliseconds(again), "ms", 15);
  std::error_code ignored;
  fs::remove_all(name, ignored);
  return verdict();
}
