#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "os/paths.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {
namespace {

std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? std::to_string(::getuid()) : std::string(entry->pw_name);
}

}  // namespace

Context current_context() {
  const os::UserPaths user = os::user_paths();
  Context context;
  context.user_dir = user.profiles;
  const os::InstallPaths install = os::install_paths();
  context.shipped_dir = install.profiles;
  context.approvals = user.config / "approved-profiles";
  std::error_code ignored;
  context.cwd = std::filesystem::current_path(ignored);
  context.home = user.home;
  utsname machine{};
  if (::uname(&machine) == 0) {
    context.hostname = machine.nodename;
    context.architecture = machine.machine;
  }
#ifdef __APPLE__
  context.os = "macos";
#else
  context.os = "linux";
#endif
  context.uid = ::getuid();
  context.gid = ::getgid();
  context.user = user_name();
  context.own_dirs = {user.config, user.state, user.plugins.parent_path(), user.cache};
  context.program_paths = {install.program, install.gate, install.plugins, install.profiles};
  return context;
}

}  // namespace paddock::profile
