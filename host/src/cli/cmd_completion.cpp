// paddock completion SHELL, and the hidden __complete that its scripts call
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "cli/complete.hpp"
#include "cli/listed.hpp"
#include "cli/output.hpp"
#include "os/paths.hpp"
#include "plugin/registry.hpp"
#include "profile/profile.hpp"
#include "run/state.hpp"
#include "run/volumes.hpp"

namespace paddock::cli {
namespace {

// bash splits words at '=' and ':' too (COMP_WORDBREAKS) and replaces only the last piece: pieces
// that no blank separates on the line are put together, and candidates lose the pieces before.
constexpr std::string_view kBash = R"(_paddock() {
  local rest=${COMP_LINE:0:COMP_POINT} line word gap lead i n=-1
  local -a words=()
  COMPREPLY=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    gap=${rest%%[![:space:]]*}
    rest=${rest#"$gap"}
    ((i < COMP_CWORD)) || word=$rest
    rest=${rest#"$word"}
    if [ -n "$gap" ] || ((i == 0)); then
      lead=
      words[++n]=$word
    else
      lead=${words[n]}
      words[n]+=$word
    fi
  done
  [ -n "${word//[=:]/}" ] || lead=${words[n]}
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o default 2>/dev/null
    else
      word=${line%%$'\t'*}
      COMPREPLY+=("${word#"$lead"}")
    fi
  done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _paddock paddock
)";

constexpr std::string_view kZsh = R"(#compdef paddock
_paddock() {
  local line files
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      files=1
    else
      candidates+=("${${line%%$'\t'*}//:/\\:}${${line#*$'\t'}:+:${line#*$'\t'}}")
    fi
  done < <($words[1] __complete -- "${(@)words[2,$CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe 'paddock' candidates
  [[ -n $files ]] && _files
}
compdef _paddock paddock
)";

constexpr std::string_view kFish = R"(function __paddock_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (paddock __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c paddock -f -a '(__paddock_complete)'
)";

Result<int> completion(const Arguments& arguments) {
  const std::string& shell = arguments.operands.front();
  if (shell != "bash" && shell != "zsh" && shell != "fish") {
    return fail(ErrorCode::kUsage, "no completion for '" + printable(shell) + "'",
                "valid: bash, zsh, fish");
  }
  print(shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish);
  return 0;
}

std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const auto& listing : profile::list(profile::current_context())) {
    names.push_back(listing.name);
  }
  return names;
}

std::vector<std::string> plugin_names(bool backends_only) {
  std::vector<std::string> names;
  const auto settings = plugin::current_settings();
  const auto registry = settings ? plugin::Registry::discover(*settings) : fail_as(settings);
  if (registry) {
    for (const auto* manifest : registry->manifests()) {
      if (!backends_only || manifest->kind == plugin::Kind::kBackend) {
        names.push_back(manifest->id);
      }
    }
  }
  return names;
}

std::vector<std::string> volume_names() {
  const auto volumes = run::VolumeStore::of_user().list();
  std::set<std::string> names;
  for (const run::Volume& volume : volumes ? *volumes : std::vector<run::Volume>{}) {
    names.insert(volume.name);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> names_of(std::string_view kind) {
  if (kind == "profile") {
    return profile_names();
  }
  if (kind == "sandbox" || kind == "record") {
    const run::Store store(os::user_paths().state);
    auto names = kind == "sandbox" ? store.names() : store.all_names();
    return names ? *names : std::vector<std::string>{};
  }
  if (kind == "volume") {
    return volume_names();
  }
  if (kind == "backend" || kind == "plugin") {
    return plugin_names(kind == "backend");
  }
  if (kind == "shell") {
    return {"bash", "zsh", "fish"};
  }
  return kind == "color" ? color_modes() : std::vector<std::string>{};
}

Result<int> complete_line(const Arguments& arguments) {
  const Completion result = complete(arguments.operands, commands(), names_of);
  std::string out;
  for (const Candidate& candidate : result.candidates) {
    out += printable(candidate.word) + "\t" + candidate.help + "\n";
  }
  print(out + (result.files ? ":files\n" : ""));
  return 0;
}

}  // namespace

Command completion_command() {
  Command command;
  command.name = "completion";
  command.group = "OTHER";
  command.summary = "print the completion script of a shell";
  command.description =
      "Prints a script that teaches bash, zsh or fish to complete paddock's commands, options, "
      "profiles, "
      "backends and sandbox names.";
  command.operands = {{"SHELL", true, false, "shell"}};
  command.examples = {"source <(paddock completion bash)",
                      "paddock completion zsh > ~/.zfunc/_paddock",
                      "paddock completion fish > ~/.config/fish/completions/paddock.fish"};
  command.run = completion;
  return command;
}

Command complete_command() {
  Command command;
  command.name = "__complete";
  command.operands = {{"WORD", false, true, ""}};
  command.run = complete_line;
  return command;
}

}  // namespace paddock::cli
