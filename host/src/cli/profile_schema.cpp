// paddock profile schema
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "cli/profile_common.hpp"

namespace paddock::cli {
namespace {

Result<int> schema(const Arguments& arguments) {
  const auto context = profile_context();
  if (!context) {
    return fail_as(context);
  }
  print(arguments.flag("markdown") ? profile::reference(*context) : profile::schema(*context));
  return 0;
}

}  // namespace

Command profile_schema_command() {
  Command command;
  command.name = "profile schema";
  command.group = "SET UP";
  command.summary = "print the JSON Schema of profiles, for editors";
  command.description =
      "Prints a draft-07 JSON Schema of profile files with the keys of all installed plugins, from "
      "the table that the loader uses. TOML editors take it from a first line such as\n\n"
      "    #:schema ./profile.schema.json\n\n"
      "With --markdown, the same table as a reference for people.";
  command.options = {{"markdown", 0, "", "print the reference as Markdown"}};
  command.examples = {"paddock profile schema > profile.schema.json"};
  command.run = schema;
  return command;
}

}  // namespace paddock::cli
