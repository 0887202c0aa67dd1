// paddock profile validate
#include <filesystem>

#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"

namespace paddock::cli {
namespace {

// Adds `error` and what it brings to the problems of the files before.
void collect(Error error, std::optional<Error>& all) {
  if (!all) {
    all = std::move(error);
    return;
  }
  std::vector<Error> others = std::move(error.others);
  error.others.clear();
  all->others.push_back(std::move(error));
  std::move(others.begin(), others.end(), std::back_inserter(all->others));
}

// A file of the current folder comes before a profile of that name.
std::string as_profile(const std::string& word, const profile::Context& context) {
  std::error_code ignored;
  const bool file = word.find('/') == std::string::npos &&
                    std::filesystem::is_regular_file(context.cwd / word, ignored);
  return file ? "./" + word : word;
}

Result<int> validate(const Arguments& arguments) {
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  std::optional<Error> problems;
  std::string report;
  Node::Array files;
  for (const std::string& file : arguments.operands) {
    profile::Request request;
    request.profile = as_profile(file, *context);
    request.check_paths = arguments.flag("paths");
    auto profile = profile::resolve(request, *context);
    if (profile) {
      report += file + ": ok\n";
      files.emplace_back(Node::Table{{"file", Node(file)}, {"digest", Node(profile->digest)}});
    } else {
      collect(std::move(profile).error(), problems);
    }
  }
  if (problems) {
    return Failure(std::move(*problems));
  }
  if (arguments.json) {
    print_json("paddock.profile-validate/1", {{"files", Node(std::move(files))}});
  } else {
    print(report);
  }
  return 0;
}

}  // namespace

Command profile_validate_command() {
  Command command;
  command.name = "profile validate";
  command.group = "SET UP";
  command.summary = "check profiles";
  command.description =
      "Checks each PROFILE, a file or a name, as `paddock run` would: syntax, keys, values, "
      "everything that it extends, and whether it loosens what it may not. All problems are shown "
      "at once. Host paths are looked at with --paths only.\n\n"
      "Exit status: 0 when all are sound, 2 for a bad file, 4 for one that asks for too much, 5 "
      "for one that names a profile or plugin that is not there; with several problems the first "
      "of 2, 4 and 5 that applies.";
  command.operands = {{"PROFILE", true, true, "profile"}};
  command.options = {{"paths", 0, "", "host paths must exist as well"}};
  command.examples = {"paddock profile validate .paddock/profile.toml",
                      "paddock profile validate agent"};
  command.run = validate;
  return command;
}

}  // namespace paddock::cli
