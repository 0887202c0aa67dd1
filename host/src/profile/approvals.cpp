#include "profile/approvals.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "base/text.hpp"
#include "os/file.hpp"
#include "os/lock.hpp"

namespace paddock::profile {
namespace {

// The file's lines; none where there is no file. Errors: kUntrusted (another hand may be in it),
// kSystem.
Result<std::string> read_lines(const Context& context) {
  const std::string shown = "'" + context.approvals.string() + "'";
  struct stat status {};
  if (context.approvals.empty() ||
      (::lstat(context.approvals.c_str(), &status) != 0 && errno == ENOENT)) {
    return std::string{};
  }
  if (!S_ISREG(status.st_mode) || status.st_uid != context.uid) {
    return fail(ErrorCode::kUntrusted, shown + " is not a file of yours",
                "look at it, then move it away");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(ErrorCode::kUntrusted, shown + " can be changed by other users",
                "look at it, then: chmod go-w " + shown);
  }
  return os::read_file(context.approvals);
}

bool holds(const std::string& lines, const std::string& digest) {
  return !digest.empty() && ("\n" + lines).find("\n" + digest + " ") != std::string::npos;
}

}  // namespace

bool has_approvals(const Context& context) {
  return !read_lines(context).value_or(std::string{}).empty();
}

bool is_approved(const std::string& digest, const Context& context) {
  return holds(read_lines(context).value_or(std::string{}), digest);
}

Result<void> add_approval(const std::string& digest,
                          const std::string& path,
                          const Context& context) {
  if (auto made = os::make_private_dir(context.approvals.parent_path()); !made) {
    return fail_as(made);
  }
  const auto lock = os::FileLock::acquire(context.approvals.string() + ".lock");
  if (!lock) {
    return fail_as(lock);
  }
  const auto lines = read_lines(context);
  if (!lines) {
    return fail_as(lines);
  }
  return holds(*lines, digest)
             ? Result<void>{}
             : os::write_atomic(context.approvals, *lines + digest + " " + printable(path) + "\n");
}

}  // namespace paddock::profile
