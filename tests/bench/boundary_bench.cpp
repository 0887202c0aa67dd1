// One call across the plugin boundary with 3 KB of JSON each way: in this process, and in a child.
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "bench.hpp"
#include "paddock/contract/codec.hpp"
#include "plugin/registry.hpp"

using namespace paddock;         // NOLINT(google-build-using-namespace)
using namespace paddock::bench;  // NOLINT(google-build-using-namespace)

namespace {

/// About 3 KB as JSON.
contract::AdjustReply message() {
  contract::AdjustReply reply;
  for (int i = 0; i < 22; ++i) {
    contract::Op op;
    op.id = "op-" + std::to_string(i);
    op.path = "/kernel_paths/masked";
    op.value.text = R"(["/proc/kcore","/proc/keys"])";
    op.reason = "named in the profile";
    reply.ops.push_back(op);
  }
  return reply;
}

/// The fixture plugin answers with what it was asked. Encode, call, decode: what ask() does.
Samples calls(const std::filesystem::path& search, plugin::Mode mode) {
  plugin::Settings settings;
  settings.search = {{search, mode}};
  settings.child_program = PADDOCK_PLUGIN_DRIVER;
  const auto registry = plugin::Registry::discover(settings);
  const auto manifest = registry->find("broken");
  auto instance = manifest ? registry->load(**manifest, "{}") : fail_as(manifest);
  if (!instance) {
    note("cannot load the fixture: " + instance.error().what);
    ::exit(2);
  }
  const auto request = message();
  return sample_us(301, [&] {
    const auto reply = (*instance)->ask<contract::AdjustReply>("adjust", request);
    if (!reply || reply->ops.size() != request.ops.size()) {
      ::abort();
    }
  });
}

}  // namespace

int main() {
  std::string name = (std::filesystem::temp_directory_path() / "paddock-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return 2;
  }
  const std::filesystem::path directory = std::filesystem::path(name) / "broken";
  std::filesystem::create_directory(directory);
  std::filesystem::copy_file(PADDOCK_FIXTURE_LIBRARY, directory / "libbroken.so");
  std::filesystem::copy_file(PADDOCK_FIXTURE_MANIFEST, directory / "manifest.toml");
  for (const auto& entry : {directory, directory / "libbroken.so", directory / "manifest.toml"}) {
    std::filesystem::permissions(
        entry, std::filesystem::perms::group_write | std::filesystem::perms::others_write,
        std::filesystem::perm_options::remove);
  }
  note(std::to_string(contract::encode(message()).size()) + " bytes of JSON each way");
  report("plugin call in this process", calls(name, plugin::Mode::kInProcess), "us", 100);
  report("plugin call in a child process", calls(name, plugin::Mode::kChildProcess), "us", 0);
  std::error_code ignored;
  std::filesystem::remove_all(name, ignored);
  return verdict();
}
