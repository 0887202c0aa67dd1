#include "support/engine/idmap.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

/// A child in a user namespace of its own, that waits to be killed; also where its parent is, whose
/// locks it has.
class Holder {
 public:
  Holder() {
    const pid_t parent = ::getpid();
    clone_args args{};
    args.flags = CLONE_NEWUSER;
    args.exit_signal = SIGCHLD;
    pid_ = static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      while (::getppid() == parent) {
        ::pause();
      }
      ::_exit(0);
    }
  }
  ~Holder() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  bool is_there() const { return pid_ > 0; }
  std::string file(const char* name) const { return "/proc/" + std::to_string(pid_) + "/" + name; }

 private:
  pid_t pid_ = -1;
};

/// Beyond all that are given out, by hand or by systemd (its UIDS-GIDS.md).
constexpr std::uint32_t kNobodys = 4294967290;

std::string one(std::uint32_t on_disk, std::uint32_t seen) {
  return std::to_string(on_disk) + " " + std::to_string(seen) + " 1\n";
}

std::string id_map(std::uint32_t on_disk, std::uint32_t seen, Maker maker) {
  return one(on_disk, seen) + (maker == Maker::kServer ? one(kNobodys, 0) : "");
}

}  // namespace

Result<support::UniqueFd> make_id_mapping(const contract::User& user, Maker maker) {
  const Holder holder;
  if (!holder.is_there()) {
    return fail_errno(errno, "cannot make a user namespace");
  }
  int error =
      support::write_small_file(holder.file("uid_map"), id_map(::geteuid(), user.uid, maker));
  if (error == 0) {
    error = support::write_small_file(holder.file("gid_map"), id_map(::getegid(), user.gid, maker));
  }
  if (error != 0) {
    return fail_errno(error, "cannot map user ids");
  }
  support::UniqueFd fd(::open(holder.file("ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  return fd ? Result<support::UniqueFd>(std::move(fd))
            : fail_errno(errno, "cannot keep a user namespace");
}

}  // namespace paddock::engine
