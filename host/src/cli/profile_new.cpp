// paddock profile new
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"
#include "os/file.hpp"
#include "os/unique_fd.hpp"

namespace paddock::cli {
namespace {

std::string skeleton(const std::string& name, const std::string& parent) {
  return "# " + name + R"(: one line on what it is for.
#
# Purpose   Which work runs in it?
# Threat    What must that work not be able to do?
# Works     What still works, and what does not?
#
# Check it:  paddock profile show )" +
         name + R"(
# Editors:   paddock profile schema > profile.schema.json, and a first line
#            #:schema ./profile.schema.json

schema_version = 1
description = "one line for `paddock profile list`"
# Profiles below this one: of two values the stricter holds. `base` is always among them.
extends = [")" +
         parent + R"("]

# [process]
# cwd = "/workspace"          # inside the sandbox
# umask = "0027"              # four octal digits

# [process.env]               # the whole environment; nothing is inherited
# CI = "1"

# [workspace]
# root = "${cwd}"             # host folder; variables: cwd home name user uid gid hostname
# mode = "rw"                 # or "ro"

# [[mounts]]
# source = "${home}/reference"  # host folder, must exist
# target = "/reference"         # inside the sandbox
# mode = "ro"                   # or "rw"

# [resources]
# memory = "4GiB"             # bytes, or with a unit: KiB MiB GiB TiB
# cpus = 2
# pids = 512
# best_effort = []            # limits that may go unenforced here

# [hardener.baseline]
# nofile = 4096               # see `paddock plugin info baseline`
)";
}

// O_EXCL: an existing profile, or a link planted in its place, is never written to.
Result<void> create_file(const std::string& path, std::string_view text) {
  const os::UniqueFd fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  const int number = errno;
  if (!fd) {
    return number == EEXIST ? Result<void>(fail(ErrorCode::kBadName, "'" + path + "' exists",
                                                "choose another name, or edit that file"))
                            : Result<void>(fail_errno(number, "cannot create '" + path + "'"));
  }
  while (!text.empty()) {
    const ssize_t count = ::write(fd.get(), text.data(), text.size());
    if (count < 0) {
      const int problem = errno;
      ::unlink(path.c_str());
      return fail_errno(problem, "cannot write '" + path + "'");
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// A profile that cannot be loaded, such as one whose parent is not there, is not left behind.
Result<void> check_new(const std::string& name,
                       const std::string& path,
                       const profile::Context& context) {
  profile::Request request;
  request.profile = name;
  request.check_paths = false;
  auto profile = profile::resolve(request, context);
  if (!profile) {
    ::unlink(path.c_str());
    return fail_as(profile);
  }
  return {};
}

Result<int> create(const Arguments& arguments) {
  const std::string& name = arguments.operands.front();
  const std::string parent = arguments.value("extends", "quickstart");
  for (const std::string& text : {name, parent}) {
    if (!is_name(text)) {
      return fail(ErrorCode::kBadName, "'" + printable(text) + "' is not a profile's name",
                  kNameRule);
    }
  }
  if (name == "base") {
    return fail(ErrorCode::kBadName, "'base' is what every profile stands on",
                "choose another name");
  }
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  if (auto made = os::make_private_dir(context->user_dir); !made) {
    return fail_as(made);
  }
  const std::string path = (context->user_dir / (name + ".toml")).string();
  if (auto created = create_file(path, skeleton(name, parent)); !created) {
    return fail_as(created);
  }
  if (auto loads = check_new(name, path, *context); !loads) {
    return fail_as(loads);
  }
  if (arguments.json) {
    print_json("paddock.profile-new/1", {{"name", Node(name)}, {"file", Node(path)}});
  } else {
    print(path + "\n");
  }
  return 0;
}

}  // namespace

Command profile_new_command() {
  Command command;
  command.name = "profile new";
  command.group = "SET UP";
  command.summary = "write the skeleton of a profile of your own";
  command.description =
      "Writes a commented profile NAME into your profile directory and prints its path. An "
      "existing file is never touched, and what does not load is not left behind.";
  command.operands = {{"NAME", true, false, ""}};
  command.options = {
      {"extends", 0, "PROFILE", "the profile below it [quickstart]", false, "profile"}};
  command.examples = {"paddock profile new web --extends agent"};
  command.run = create;
  return command;
}

}  // namespace paddock::cli
