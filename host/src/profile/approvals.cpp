#include "profile/approvals.hpp"

#include <sys/stat.h>

#include "base/text.hpp"
#include "os/file.hpp"

namespace paddock::profile {
namespace {

std::string approved_lines(const Context& context) {
  struct stat status {};
  if (context.approvals.empty() || ::lstat(context.approvals.c_str(), &status) != 0 ||
      !S_ISREG(status.st_mode) || status.st_uid != context.uid ||
      (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return {};
  }
  return os::read_file(context.approvals).value_or(std::string{});
}

}  // namespace

bool has_approvals(const Context& context) {
  return !approved_lines(context).empty();
}

bool is_approved(const std::string& digest, const Context& context) {
  const std::string lines = "\n" + approved_lines(context);
  return !digest.empty() && lines.find("\n" + digest + " ") != std::string::npos;
}

Result<void> add_approval(const std::string& digest,
                          const std::string& path,
                          const Context& context) {
  if (is_approved(digest, context)) {
    return {};
  }
  if (auto made = os::make_private_dir(context.approvals.parent_path()); !made) {
    return fail_as(made);
  }
  const std::string lines = approved_lines(context) + digest + " " + printable(path) + "\n";
  return os::write_atomic(context.approvals, lines);
}

}  // namespace paddock::profile
