#include "loaded.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

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

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
}

// What stands after `key =` at the manifest's top level, to the end of the text; empty when nothing
// does. Tables come after the keys, and the keys that we need have no table.
std::string_view value_of(std::string_view manifest, std::string_view key) {
  for (std::string_view rest = manifest; !rest.empty();) {
    const std::string_view line = trimmed(rest);
    if (line.starts_with('[')) {
      return {};
    }
    const std::string_view after =
        line.starts_with(key) ? trimmed(line.substr(key.size())) : std::string_view{};
    if (after.starts_with('=')) {
      return trimmed(after.substr(1));
    }
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  }
  return {};
}

// The strings of the manifest's `key = "value"` or `key = ["a", 'b']`, over several lines and with
// comments as TOML allows; nothing when there is no such key. The host reads the whole of it.
std::optional<std::vector<std::string>> strings_of(std::string_view manifest,
                                                   std::string_view key) {
  const std::string_view value = value_of(manifest, key);
  if (value.empty()) {
    return std::nullopt;
  }
  const char end = value.front() == '[' ? ']' : '\n';
  std::vector<std::string> found;
  for (std::size_t at = 0; at < value.size() && value[at] != end; ++at) {
    if (value[at] == '#') {
      at = std::min(value.find('\n', at), value.size()) - (end == '\n' ? 1 : 0);
    } else if (value[at] == '"' || value[at] == '\'') {
      const std::size_t close = std::min(value.find(value[at], at + 1), value.size());
      found.emplace_back(value.substr(at + 1, close - at - 1));
      at = close;
    }
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

namespace {

Loaded without(Loaded loaded, const std::string& key, const std::filesystem::path& directory) {
  loaded.problem = "there is no '" + key + "' in '" + (directory / "manifest.toml").string() + "'";
  return loaded;
}

}  // namespace

Loaded load(const std::filesystem::path& directory) {
  Loaded loaded;
  std::ifstream file(directory / "manifest.toml", std::ios::binary);
  loaded.manifest.assign(std::istreambuf_iterator<char>(file), {});
  for (const auto& [key, to] : {std::pair{"id", &loaded.id}, std::pair{"kind", &loaded.kind}}) {
    const auto value = strings_of(loaded.manifest, key);
    if (!value || value->size() != 1) {
      return without(std::move(loaded), key, directory);
    }
    *to = value->front();
  }
  const auto methods = strings_of(loaded.manifest, "methods");
  if (!methods) {  // else nothing that the plugin does would be tried
    return without(std::move(loaded), "methods", directory);
  }
  loaded.methods = *methods;
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
