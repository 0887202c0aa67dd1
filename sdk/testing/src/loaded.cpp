#include "loaded.hpp"

#include <dlfcn.h>

#include <fstream>
#include <iterator>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::testing {
namespace {

int append(void* ctx, paddock_bytes bytes) {
  static_cast<std::string*>(ctx)->append(bytes.ptr, bytes.len);
  return 0;
}
int refuse(void*, paddock_bytes) {
  return 1;
}

void ignore_log(void*, int32_t, paddock_bytes) {}
int never_cancelled(void*) {
  return 0;
}
const void* no_extension(void*, const char*) {
  return nullptr;
}
const paddock_host kHost = {sizeof(paddock_host), PADDOCK_ABI_MINOR, nullptr,
                            ignore_log,           never_cancelled,   no_extension};

paddock_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}

// The manifest's `key = "value"` or `key = ["a", "b"]`; enough for the two keys that we need, the
// host reads the whole of it.
std::vector<std::string> strings_of(const std::string& manifest, const std::string& key) {
  std::vector<std::string> found;
  const std::size_t line = ("\n" + manifest).find("\n" + key + " ");
  if (line == std::string::npos) {
    return found;
  }
  const std::size_t value = manifest.find_first_not_of(" =", line + key.size());
  const std::size_t end = manifest.find(manifest[value] == '[' ? ']' : '\n', value);
  for (std::size_t quote = manifest.find('"', value); quote < end;) {
    const std::size_t close = manifest.find('"', quote + 1);
    found.push_back(manifest.substr(quote + 1, close - quote - 1));
    quote = manifest.find('"', close + 1);
  }
  return found;
}

Outcome call_with(const paddock_plugin& plugin,
                  void* self,
                  std::string_view method,
                  std::string_view request,
                  int (*write)(void*, paddock_bytes)) {
  Outcome outcome;
  std::vector<char> lent(request.begin(), request.end());  // no terminator, and exact for ASan
  const paddock_out reply = {sizeof(paddock_out), &outcome.reply, write};
  const paddock_out error = {sizeof(paddock_out), &outcome.error, append};
  outcome.status = plugin.call(self, bytes(method), {lent.data(), lent.size()}, &reply, &error);
  std::fill(lent.begin(), lent.end(), '#');
  return outcome;
}

}  // namespace

bool Loaded::answers(std::string_view method) const {
  for (const std::string& name : methods) {
    if (name == method) {
      return true;
    }
  }
  return false;
}

Loaded load(const std::filesystem::path& directory) {
  Loaded loaded;
  std::ifstream file(directory / "manifest.toml", std::ios::binary);
  loaded.manifest.assign(std::istreambuf_iterator<char>(file), {});
  const std::vector<std::string> id = strings_of(loaded.manifest, "id");
  if (id.size() != 1) {
    loaded.problem = "there is no id in '" + (directory / "manifest.toml").string() + "'";
    return loaded;
  }
  loaded.id = id.front();
  loaded.methods = strings_of(loaded.manifest, "methods");
  loaded.library = directory / ("lib" + loaded.id + ".so");
  void* handle = dlopen(loaded.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = handle == nullptr ? nullptr : dlsym(handle, "paddock_plugin_v1");
  if (symbol == nullptr) {
    loaded.problem = dlerror();
    return loaded;
  }
  const auto entry = reinterpret_cast<const paddock_plugin* (*)()>(symbol);
  loaded.plugin = entry();
  loaded.same_struct = loaded.plugin == entry();
  if (loaded.plugin == nullptr) {
    loaded.problem = "paddock_plugin_v1() returns null";
  }
  return loaded;
}

Instance::Instance(const paddock_plugin& plugin, std::string_view config) : plugin_(plugin) {
  void* self = kUntouched;
  const paddock_out error = {sizeof(paddock_out), &created_.error, append};
  std::vector<char> lent(config.begin(), config.end());
  created_.status = plugin.create(&kHost, {lent.data(), lent.size()}, &self, &error);
  std::fill(lent.begin(), lent.end(), '#');
  self_ = self;
}

Instance::~Instance() {
  if (created_.status == PADDOCK_OK) {
    plugin_.destroy(self_);
  }
}

Outcome Instance::call(std::string_view method, std::string_view request) {
  return call_with(plugin_, self_, method, request, append);
}

Outcome Instance::call_refusing(std::string_view method, std::string_view request) {
  return call_with(plugin_, self_, method, request, refuse);
}

std::string config_message(std::string_view id, std::string_view values) {
  contract::Config config;
  config.plugin = id;
  config.values.text = values;
  return contract::encode(config);
}

}  // namespace paddock::testing
