#include "support/etc_files.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <memory>
#include <sstream>
#include <string_view>

#include "support/small_file.hpp"

namespace paddock::support {
namespace {

// Files that programs of /usr expect and that tell nothing of this host's users or services.
constexpr std::array<const char*, 11> kCopied = {
    "/etc/ld.so.cache",     "/etc/localtime", "/etc/timezone", "/etc/os-release",
    "/etc/debian_version",  "/etc/protocols", "/etc/services", "/etc/mime.types",
    "/etc/ssl/openssl.cnf", "/etc/inputrc",   "/etc/magic"};

// Directories with no secret in them that /usr points into.
constexpr std::array<const char*, 7> kBound = {"/etc/alternatives",   "/etc/ssl/certs",
                                               "/etc/fonts",          "/etc/terminfo",
                                               "/etc/pki/tls/certs",  "/etc/pki/ca-trust/extracted",
                                               "/etc/crypto-policies"};

void add_entry(HostRoot& root, const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return;
  }
  if (S_ISLNK(status.st_mode)) {
    std::array<char, PATH_MAX> text{};
    const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
    if (length > 0) {
      root.links.emplace_back(std::string(text.data(), static_cast<std::size_t>(length)), path);
    }
  } else if (S_ISREG(status.st_mode)) {
    root.copies.push_back(path);
  } else if (S_ISDIR(status.st_mode)) {
    root.binds.emplace_back(path, path);
  }
}

std::string environment(const contract::Plan& plan, const char* name, const char* otherwise) {
  const auto found = plan.process.environment.find(name);
  if (found == plan.process.environment.end() || found->second.empty() ||
      found->second.find_first_of(":\n") != std::string::npos) {
    return otherwise;
  }
  return found->second;
}

/// Those of the host that can be reached from elsewhere: on its loopback a forwarder listens, whose
/// own ones systemd-resolved tells in a file.
std::string name_servers() {
  for (const char* path : {"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"}) {
    std::istringstream lines(read_small_file(path).value_or(""));
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("nameserver ") && !line.starts_with("nameserver 127.") &&
          !line.starts_with("nameserver ::1")) {
        kept += line + "\n";
      }
    }
    if (!kept.empty()) {
      return kept;
    }
  }
  return "";
}

}  // namespace

void survey_etc(HostRoot& root) {
  for (const char* path : kCopied) {
    add_entry(root, path);
  }
  for (const char* path : kBound) {
    add_entry(root, path);
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> etc(::opendir("/etc"), ::closedir);
  while (const dirent* entry = etc ? ::readdir(etc.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (name.starts_with("java-") &&
        name.ends_with("-openjdk")) {  // links of /usr/lib/jvm lead here
      add_entry(root, "/etc/" + std::string(name));
    }
  }
}

std::vector<MadeFile> made_files(const contract::Plan& plan) {
  const std::string uid = std::to_string(plan.process.user.uid);
  const std::string gid = std::to_string(plan.process.user.gid);
  const std::string name = environment(plan, "USER", "sandbox");
  const std::string home = environment(plan, "HOME", "/");
  const std::string& host = plan.process.hostname;
  std::vector<MadeFile> files = {
      {"/etc/passwd", "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n" + name + ":x:" + uid +
                          ":" + gid + "::" + home + ":/bin/sh\n" +
                          "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"},
      {"/etc/group", "root:x:0:\n" + name + ":x:" + gid + ":\nnogroup:x:65534:\n"},
      {"/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 " + host + "\n"},
      {"/etc/hostname", host + "\n"},
      {"/etc/nsswitch.conf",
       "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"
       "services: files\nprotocols: files\n"},
  };
  if (plan.network.egress == contract::Egress::kUnrestricted) {
    files.push_back({"/etc/resolv.conf", name_servers()});
  }
  return files;
}

}  // namespace paddock::support
