// The C functions of a plugin's struct. Whatever is thrown inside ends here, as an error that
// names the plugin and the method.
#include <exception>
#include <new>

#include "paddock/contract/codec.hpp"
#include "paddock/sdk/export.hpp"

namespace paddock::sdk {
namespace {

// What PADDOCK_EXPORT_PLUGIN said; one plugin per library.
struct Exported {
  std::string_view manifest;
  Factory factory = nullptr;
  Dispatch dispatch = nullptr;
};
Exported exported;

paddock_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view view(paddock_bytes bytes) {
  return bytes.len == 0 ? std::string_view{} : std::string_view{bytes.ptr, bytes.len};
}

// The id of the embedded manifest, whose `id = "..."` paddock_add_plugin() has checked.
std::string_view plugin_id() {
  std::string_view text = exported.manifest;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t quote = line.find('"');
    if (line.starts_with("id") && line.find_first_not_of(" =", 2) == quote) {
      return line.substr(quote + 1, line.rfind('"') - quote - 1);
    }
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
  }
  return "?";
}

bool put(const paddock_out* out, std::string_view text) {
  return out != nullptr && out->write != nullptr && out->write(out->ctx, bytes(text)) == 0;
}

int32_t status_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnsupported:
      return PADDOCK_UNSUPPORTED;
    case ErrorCode::kInterrupted:
      return PADDOCK_CANCELLED;
    default:
      return PADDOCK_FAILED;
  }
}

int32_t report(const paddock_out* err, const Error& error) {
  put(err, contract::encode(error));
  return status_of(error);
}

Error thrown(std::string_view method, std::string_view what) {
  Error error;
  error.code = ErrorCode::kPluginFailed;
  error.what = "plugin '" + std::string(plugin_id()) + "' threw in '" + std::string(method) + "'";
  if (!what.empty()) {
    error.what += ": " + std::string(what);
  }
  return error;
}

// Runs `body`, which returns a status, and turns whatever it throws into an error.
template <class Body>
int32_t guarded(std::string_view method, const paddock_out* err, Body body) noexcept {
  try {
    try {
      return body();
    } catch (const std::exception& exception) {
      return report(err, thrown(method, exception.what()));
    } catch (...) {
      return report(err, thrown(method, {}));
    }
  } catch (...) {  // no memory even for the report
    return PADDOCK_FAILED;
  }
}

int32_t create(const paddock_host* host,
               paddock_bytes config,
               void** self,
               const paddock_out* err) {
  return guarded("create", err, [&]() -> int32_t {
    if (host == nullptr || host->size < sizeof(paddock_host)) {
      return report(err, fail(ErrorCode::kPluginAbi, "the host's struct is too short").value());
    }
    auto table = contract::decode<contract::Config>(view(config));
    if (!table) {
      return report(err, table.error());
    }
    std::unique_ptr<Plugin> plugin = exported.factory();
    plugin->attach_host(host);
    if (auto done = plugin->configure(Table(std::move(*table))); !done) {
      return report(err, done.error());
    }
    *self = plugin.release();
    return PADDOCK_OK;
  });
}

int32_t call(void* self,
             paddock_bytes method,
             paddock_bytes request,
             const paddock_out* reply,
             const paddock_out* err) {
  return guarded(view(method), err, [&]() -> int32_t {
    auto& plugin = *static_cast<Plugin*>(self);
    plugin.host().begin_call();
    auto answer = exported.dispatch(plugin, view(method), view(request));
    if (!answer) {
      return report(err, answer.error());
    }
    if (!put(reply, *answer)) {
      return report(err,
                    fail(ErrorCode::kPluginFailed,
                         "the host takes no reply of " + std::to_string(answer->size()) + " bytes")
                        .value());
    }
    return PADDOCK_OK;
  });
}

void cancel(void* self) {
  static_cast<Plugin*>(self)->host().cancel();
}

void destroy(void* self) {
  try {
    delete static_cast<Plugin*>(self);
  } catch (...) {  // a destructor that throws has nobody to tell
  }
}

const void* extension(const char*) {
  return nullptr;
}

}  // namespace

const paddock_plugin* make_plugin(std::string_view manifest, Factory factory, Dispatch dispatch) {
  exported = {manifest, factory, dispatch};
  static const paddock_plugin kPlugin = {sizeof(paddock_plugin),
                                         PADDOCK_ABI_MINOR,
                                         PADDOCK_MAGIC,
                                         bytes(manifest),
                                         create,
                                         call,
                                         cancel,
                                         destroy,
                                         extension};
  return &kPlugin;
}

}  // namespace paddock::sdk
