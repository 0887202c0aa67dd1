#include "profile/host_paths.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "profile/merge.hpp"
#include "profile/names.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSystem = {"/etc", "/proc", "/sys", "/dev", "/run", "/boot", "/var/run"};
constexpr std::array kEngines = {"/var/lib/docker",  "/var/lib/containers", "/var/lib/containerd",
                                 "/var/lib/kubelet", "/var/lib/cni",        "/var/lib/lxc",
                                 "/var/lib/lxd",     "/var/lib/libvirt"};
constexpr std::array kEnginesAtHome = {".docker",
                                       ".local/share/docker",
                                       ".local/share/containers",
                                       ".config/containers",
                                       ".kube",
                                       ".minikube",
                                       ".colima"};
// Places of the sandbox itself: the kernel's file systems and the programs that it runs.
constexpr std::array kTargets = {"/proc", "/sys", "/dev",   "/usr",   "/etc",    "/bin",
                                 "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/.paddock"};

template <typename List>
bool is_inside_any(const std::string& path, const List& directories) {
  return std::any_of(directories.begin(), directories.end(),
                     [&](const char* directory) { return is_inside(path, directory); });
}

std::string canonical_text(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored).string();
}

bool touches(const std::string& path, const fs::path& own) {
  const std::string real = canonical_text(own);
  return !own.empty() && (is_inside(path, real) || is_inside(real, path));
}

std::optional<std::string> why_forbidden_kind(const std::string& real) {
  struct stat status {};
  if (::stat(real.c_str(), &status) != 0 || S_ISDIR(status.st_mode) || S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return S_ISSOCK(status.st_mode) ? "is a socket" : "is neither a file nor a folder";
}

}  // namespace

std::optional<std::string> why_forbidden_source(const std::string& real, const Context& context) {
  const std::string home = canonical_text(context.home);
  if (real == "/") {
    return "is the whole file system";
  }
  if (is_inside_any(real, kSystem)) {
    return "is a system directory";
  }
  if (real == home) {
    return "is your whole home";
  }
  if (!home.empty() && is_inside(home, real)) {
    return "holds your home";
  }
  if (is_inside(real, "/root") && !is_inside(home, "/root")) {
    return "is root's home";
  }
  const auto at_home = [&](const char* name) { return touches(real, fs::path(home) / name); };
  if (is_inside_any(real, kEngines) ||
      std::any_of(kEnginesAtHome.begin(), kEnginesAtHome.end(), at_home)) {
    return "belongs to a container engine";
  }
  if (std::any_of(context.own_dirs.begin(), context.own_dirs.end(),
                  [&](const fs::path& own) { return touches(real, own); })) {
    return "holds paddock's own files";
  }
  return why_forbidden_kind(real);
}

std::optional<std::string> why_forbidden_target(const std::string& target) {
  if (target.empty() || target.front() != '/') {
    return "is not an absolute path";
  }
  if (climbs(target)) {
    return "holds '..'";
  }
  const std::string normal = normal_path(target);
  if (normal == "/") {
    return "is the root of the sandbox";
  }
  if (is_inside_any(normal, kTargets)) {
    return "is part of the sandbox's system";
  }
  return is_deceptive_text(target) ? std::optional<std::string>("holds control characters")
                                   : std::nullopt;
}

bool climbs(const std::string& path) {
  const fs::path parts(path);
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

std::string normal_path(const std::string& path) {
  std::string out = fs::path(path).lexically_normal().string();
  while (out.size() > 1 && out.back() == '/') {
    out.pop_back();
  }
  return out.rfind("//", 0) == 0 ? out.substr(1) : out;
}

Result<std::string> real_path(const std::string& path, bool must_exist) {
  if (!must_exist) {
    const std::string real = canonical_text(path);
    return real.empty() ? path : real;
  }
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  const int number = errno;
  if (real != nullptr) {
    return std::string(real.get());
  }
  if (number == ENOENT || number == ENOTDIR) {
    return fail(ErrorCode::kPathMissing, "'" + path + "' does not exist",
                "paddock creates nothing on the host: mkdir -p '" + path + "'");
  }
  return fail(ErrorCode::kPathMissing,
              "cannot reach '" + path + "': " + std::string(std::strerror(number)));
}

}  // namespace paddock::profile
