#include "plugin/library.hpp"

#include <exception>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/dll/shared_library.hpp>

#include "base/text.hpp"

namespace paddock::plugin {
namespace {

/// Never freed: code of a plugin may be on any stack until the process ends.
std::vector<std::unique_ptr<boost::dll::shared_library>>& loaded() {
  static auto& libraries = *new std::vector<std::unique_ptr<boost::dll::shared_library>>;
  return libraries;
}

/// Boost's text holds a misleading system error; the useful part is what dlerror said, and in that
/// the path is the descriptor's.
std::string reason_of(const std::exception& error, const std::string& path) {
  std::string text = error.what();
  if (const std::size_t at = text.find(path + ": "); at != std::string::npos) {
    text = text.substr(at + path.size() + 2);
  }
  while (!text.empty() && (text.back() == '"' || text.back() == ')' || text.back() == ']')) {
    text.pop_back();
  }
  return printable(text);
}

/// A libgcc that is linked in sets itself up at its first throw, and aborts when the first one
/// comes from another copy, as a plugin's would.
void prepare_to_catch() {
  static const bool once = [] {
    try {
      throw 0;
    } catch (int) {
      return true;
    }
  }();
  static_cast<void>(once);
}

}  // namespace

Result<const paddock_plugin*> load_library(int fd, const std::string& id) {
  static std::mutex one_at_a_time;
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  prepare_to_catch();
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  try {
    using boost::dll::load_mode::type;
    auto library = std::make_unique<boost::dll::shared_library>();
    library->load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    loaded().push_back(std::move(library));
    return loaded().back()->get<const paddock_plugin*()>("paddock_plugin_v1")();
  } catch (const std::exception& error) {
    return fail(ErrorCode::kPluginLoad,
                "cannot load plugin '" + id + "': " + reason_of(error, path));
  } catch (...) {
    return fail(ErrorCode::kPluginLoad, "cannot load plugin '" + id + "': it threw an exception");
  }
}

}  // namespace paddock::plugin
