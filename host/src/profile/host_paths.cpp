#include "profile/host_paths.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "os/unique_fd.hpp"
#include "paddock/contract/mount_source.hpp"
#include "profile/history.hpp"
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
// What this machine's users run; a sandbox sees most of it, and writes none.
constexpr std::array kPrograms = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
// Passwords, keys and sessions. What holds them, such as .config, is no workspace either.
constexpr std::array kCredentials = {".aws",
                                     ".azure",
                                     ".config/chromium",
                                     ".config/gcloud",
                                     ".config/gh",
                                     ".config/google-chrome",
                                     ".docker",
                                     ".gnupg",
                                     ".kube",
                                     ".local/share/keyrings",
                                     ".mozilla",
                                     ".password-store",
                                     ".pki",
                                     ".ssh",
                                     ".thunderbird"};
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

/// The same, many times cheaper, for what matters only where it exists.
std::string existing_text(const fs::path& path) {
  std::array<char, PATH_MAX> real{};
  return ::realpath(path.c_str(), real.data()) != nullptr ? real.data() : path.string();
}

/// How `path` and `place` meet: "is", "lies in" or "holds" it; nullopt where they are apart.
std::optional<std::string> touches(const std::string& path, const std::string& place) {
  if (!place.empty() && is_inside(path, place)) {
    return (path == place ? "is '" : "lies in '") + place + "'";
  }
  return !place.empty() && is_inside(place, path) ? std::optional("holds '" + place + "'")
                                                  : std::nullopt;
}

/// The first of `places`, below `base`, that `path` touches.
template <typename List>
std::optional<std::string> touches_any(const std::string& path,
                                       const List& places,
                                       const fs::path& base = {}) {
  for (const auto& place : places) {
    if (auto how = touches(path, existing_text(base / place))) {
      return how;
    }
  }
  return std::nullopt;
}

/// O_PATH of `path` in one walk; no link is followed down to `anchor`, where `path` lies in that.
os::UniqueFd open_from(const std::string& anchor, const std::string& path) {
  if (anchor.empty() || !is_inside(path, anchor)) {
    return os::UniqueFd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  }
  const std::string rest = fs::path(path).lexically_relative(anchor).string();
  os::UniqueFd base(contract::open_mount_source(anchor));
  return !base || rest == "."
             ? std::move(base)
             : os::UniqueFd(::openat(base.get(), rest.c_str(), O_PATH | O_CLOEXEC));
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
  auto engine = touches_any(real, kEngines);
  if (!engine) {
    engine = touches_any(real, kEnginesAtHome, home);
  }
  if (engine) {
    return *engine + ", which belongs to a container engine";
  }
  for (const fs::path& own : context.own_dirs) {  // to be made, perhaps: links count all the same
    if (const auto how = touches(real, canonical_text(own))) {
      return *how + ", where paddock keeps its own files";
    }
  }
  return why_forbidden_kind(real);
}

std::optional<Objection> why_never_writable(const std::string& real, const Context& context) {
  if (const auto own = touches_any(real, context.program_paths)) {
    return Objection{*own + ", which paddock itself runs from",
                     "change to a folder of the project, or install paddock elsewhere"};
  }
  const std::string hint = "change to a folder of the project, or mount it with mode \"ro\"";
  if (const auto system = touches_any(real, kPrograms)) {
    return Objection{*system + ", where this machine's programs are", hint};
  }
  return real == "/opt" ? std::optional(Objection{"is where this machine's programs are", hint})
                        : std::nullopt;
}

std::optional<std::string> why_no_workspace(const std::string& real, const Context& context) {
  const auto how = touches_any(real, kCredentials, canonical_text(context.home));
  return how ? std::optional(*how + ", where passwords and keys are kept") : std::nullopt;
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

Result<std::string> real_path(const std::string& path, bool must_exist, const fs::path& anchor) {
  if (!must_exist) {
    const std::string real = canonical_text(path);
    return real.empty() ? path : real;
  }
  const os::UniqueFd fd = open_from(anchor.string(), path);
  const int number = errno;
  std::error_code error;
  const fs::path real =
      fd ? fs::read_symlink("/proc/self/fd/" + std::to_string(fd.get()), error) : fs::path();
  if (fd && !error) {
    return real.string();
  }
  if (number == ENOENT || number == ENOTDIR) {
    return fail(ErrorCode::kPathMissing, "'" + path + "' does not exist",
                "paddock creates nothing on the host: mkdir -p '" + path + "'");
  }
  std::string what = "cannot reach '" + path + "': " + std::string(std::strerror(number));
  if (number == ELOOP) {
    return fail(ErrorCode::kForbiddenPath, std::move(what),
                "links lead in a circle, or something puts one there, a running sandbox perhaps: "
                "stop that and try again");
  }
  return fail(ErrorCode::kPathMissing, std::move(what));
}

}  // namespace paddock::profile
