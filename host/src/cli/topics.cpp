// The help pages that belong to no command.
#include <algorithm>
#include <cctype>
#include <cstdio>

#include "base/render.hpp"
#include "cli/help.hpp"
#include "cli/remedies.hpp"
#include "profile/core_options.hpp"

namespace paddock::cli {
namespace {

constexpr std::string_view kExitCodes = R"(paddock exit-codes - what the exit status means

  0    done, or a check came out clean
  1    failed: the system said no
  2    usage or profile error
  3    completed with findings: verify, doctor, plan --diff, changes, exports
  4    refused: policy, trust, or a protection that cannot be enforced here
  5    no such sandbox, profile or plugin
  6    a confirmation is missing or declined
  7    a backend's program or engine is not there or does not answer
  8    timed out
  130  ended by SIGINT
  143  ended by SIGTERM

With several problems, such as all those of a profile, the first of 2, 4 and 5
that applies.

`run` and `exec` pass the command's own status through, 128+n when signal n
ended it. There, paddock's own failures are

  125  paddock failed or refused; with --json, the line on standard error has
       the status of the table above as "exit_status"
  126  the command exists but cannot be executed
  127  the command is not found in the sandbox
)";

constexpr std::string_view kEnvironment = R"(paddock environment - variables that paddock reads

  HOME               the user's home; from the password database when unset
  XDG_CONFIG_HOME    profiles and host.toml: $XDG_CONFIG_HOME/paddock
  XDG_DATA_HOME      plugins of the user: $XDG_DATA_HOME/paddock/plugins
  XDG_STATE_HOME     sandboxes and receipts: $XDG_STATE_HOME/paddock
  XDG_CACHE_HOME     the cache of plugin manifests: $XDG_CACHE_HOME/paddock
  PADDOCK_STATE_DIR  the state directory, in place of XDG_STATE_HOME
  NO_COLOR           not empty: no colour
  CLICOLOR_FORCE     not empty and not 0: colour, whatever the output is
  TERM               `dumb`: no colour; passed on to sandboxes with a terminal

A flag wins over a variable. An XDG variable that is not an absolute path is
ignored, a PADDOCK_STATE_DIR that is none is an error. The locale (LC_ALL,
LC_CTYPE, LANG) says whether messages may be more than ASCII. XDG_RUNTIME_DIR
and DBUS_SESSION_BUS_ADDRESS are for systemd's user manager. Engines, and what
is stored for registries, are found by the variables of docker and podman, such
as DOCKER_HOST, CONTAINER_HOST, DOCKER_CONFIG and REGISTRY_AUTH_FILE. No file of
a project folder sets a variable of paddock, and a sandbox inherits no variable:
its environment is the profile's [process] environment alone.
)";

constexpr std::string_view kProfileIntro = R"(paddock profile - what a profile is

A profile is a TOML file that says what a sandbox is. Names are looked up in
$XDG_CONFIG_HOME/paddock/profiles (yours), then among those that ship with
paddock. A word with a slash, or that ends in .toml, is a path; a file that is
not under your configuration directory may only tighten what its parents say,
until you approve it (`paddock profile approve FILE`).

Where none is named, `run`, `plan`, `profile show` and `profile approve` take
the project's own, .paddock/profile.toml, from the current folder upwards. The
search goes through folders of yours that not every user may write, on one file
system, and ends at your home, which is not searched itself. The project's
folder is ${cwd} then. The file must be yours, no link nor behind one, and not
open to every user; else it is refused. A PROFILE that is named is all there is:
the project's file plays no part.

)";

constexpr std::string_view kProfileRules =
    R"(Every profile has `base` as its last ancestor, whatever it says: an empty
profile is strict. A later layer narrows what an earlier one set and never
widens it; widening is an error that shows both lines, unless the file is
yours: then `paddock plan` and every launch say so. Of two parents the
stricter value holds, in whatever order they are listed; of values that may
change at will (command, environment, names) the later parent's.

A file that is not yours may name a workspace below its own folder. A file
that lies about (in your home itself, in a hidden folder or one for downloads,
where others can write) has none. It inherits what your profiles grant you
(mounts, hooks, variables, plugins, widenings) only with your approval, and
may not go by the name of another profile.

`paddock profile schema` prints every key with its meaning and default for
your editor, `paddock profile show NAME` the merged result with the origin of
each value, `paddock plan NAME` what a launch would do.
)";

std::string listed(const std::string& name, const std::string& meaning) {
  constexpr std::size_t kColumn = 25;
  const std::string padding(name.size() < kColumn ? kColumn - name.size() : 1, ' ');
  const std::string text = wrap(meaning, kColumn + 2);
  return "  " + name + padding + text.substr(std::min(kColumn + 2, text.size()));
}

// Tables and variables from the lists that the loader uses.
std::string profile_topic() {
  std::string out(kProfileIntro);
  out += listed("schema_version = 1", "always the first line");
  out += listed("extends = [\"default\"]", "parents; the stricter of two values holds");
  for (const profile::TableSpec& table : profile::core_tables()) {
    if (!table.name.empty()) {
      out += listed("[" + table.name + "]", table.doc);
    }
  }
  out += listed("[workspace.folders]", profile::folder_option().doc);
  out += listed("[[mounts]]", profile::mount_table().doc);
  out += listed("[hardener.ID]", "a hardener and its own keys: `paddock plugin info ID`");
  out += listed("[[hooks]]", profile::hook_table().doc);
  out += listed("[resolve]", "which plugin wins where two want different values");
  out += listed("[host.\"PATTERN\"]", "the same tables for some machines");
  out += '\n';
  out += "In strings, ${...} stands for (write $${ for the characters themselves)\n\n";
  for (const profile::VariableSpec& variable : profile::variables()) {
    out += listed("${" + variable.name + "}", variable.doc);
  }
  return out + '\n' + std::string(kProfileRules);
}

struct Topic {
  std::string_view name;
  std::string (*text)();
};
constexpr Topic kTopics[] = {{"exit-codes", [] { return std::string(kExitCodes); }},
                             {"environment", [] { return std::string(kEnvironment); }},
                             {"profile", profile_topic}};

const char* class_words(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kFailed:
      return "failed";
    case ErrorClass::kUsage:
      return "usage or profile error";
    case ErrorClass::kRefused:
      return "refused";
    case ErrorClass::kNotFound:
      return "not found";
    case ErrorClass::kUnconfirmed:
      return "unconfirmed";
    case ErrorClass::kUnreachable:
      return "a backend is unreachable";
    case ErrorClass::kTimeout:
      return "timed out";
    case ErrorClass::kFindings:
      return "completed with findings";
    case ErrorClass::kCannotExecute:
      return "the command cannot be executed";
    case ErrorClass::kCommandNotFound:
      return "the command is not found";
  }
  return "";
}

}  // namespace

std::vector<std::string> topics() {
  std::vector<std::string> names;
  for (const Topic& topic : kTopics) {
    names.emplace_back(topic.name);
  }
  return names;
}

std::optional<std::string> topic_page(std::string_view name) {
  for (const Topic& topic : kTopics) {
    if (topic.name == name) {
      return topic.text();
    }
  }
  return std::nullopt;
}

std::optional<std::string> code_page(std::string_view word) {
  std::string code(word);
  std::transform(code.begin(), code.end(), code.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const ErrorCodeInfo& info : kErrorCodes) {
    if (code_text(info.code) == code) {
      Error error;
      error.code = info.code;
      const bool of_command = info.error_class == ErrorClass::kCannotExecute ||
                              info.error_class == ErrorClass::kCommandNotFound;
      return code + ": " + info.meaning + "\n\n  class        " + class_words(info.error_class) +
             "\n  exit status  " + std::to_string(exit_status(error)) +
             (of_command ? "" : "; run and exec: 125, see `paddock help exit-codes`") + "\n\n" +
             wrap(remedy(info.code), 0);
    }
  }
  return std::nullopt;
}

}  // namespace paddock::cli
