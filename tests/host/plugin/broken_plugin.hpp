// Search directories that hold one variant of the fixture plugin "broken", and its driver.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/registry.hpp"
#include "support/temp_dir.hpp"

namespace paddock::test {

/// The manifest of the fixtures.
std::string broken_manifest();

/// A search directory with plugin "broken"; `variant` names tests/fixtures' library.
class BrokenPlugin {
 public:
  explicit BrokenPlugin(const std::string& variant = "sound");

  std::filesystem::path search() const { return dir_.path(); }
  std::filesystem::path directory() const { return dir_ / "broken"; }
  std::filesystem::path library() const { return directory() / "libbroken.so"; }
  std::filesystem::path manifest() const { return directory() / "manifest.toml"; }
  /// Whether code of the library ran since the directory was made.
  std::filesystem::path marker() const { return dir_ / "marker"; }

  plugin::Settings settings(plugin::Mode mode = plugin::Mode::kInProcess) const;
  /// Finds and loads it in this process; the rendered error, its directory shown as DIR, or "".
  std::string refusal(const plugin::Settings& settings) const;
  std::string refusal() const { return refusal(settings()); }
  /// `text` with the directory shown as DIR.
  std::string shorten(std::string text) const;

 private:
  TempDir dir_;
};

/// What the driver program did: "status N\n", its output, its errors.
struct Driven {
  int status = 0;
  std::string out;
  std::string err;
  std::chrono::milliseconds took{0};
};
/// One call in a process of its own. `mode`: "in-process" or "child". After `interrupt_ms` the
/// process is as if the user had asked it to stop.
Driven drive(const BrokenPlugin& plugin,
             const std::string& mode,
             const std::string& wrong,
             const std::string& place,
             const std::string& method,
             int deadline_ms = 10'000,
             std::optional<int> interrupt_ms = std::nullopt);

}  // namespace paddock::test
