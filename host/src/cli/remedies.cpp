#include "cli/remedies.hpp"

namespace paddock::cli {
namespace {

struct Row {
  ErrorCode code;
  std::string_view text;
};

using Code = ErrorCode;

constexpr Row kRemedies[] = {
    {Code::kUsage, "`paddock help COMMAND` shows what a command takes."},
    {Code::kUnknownCommand, "`paddock --help` lists the commands."},
    {Code::kUnknownOption, "`paddock help COMMAND` lists its options."},
    {Code::kTomlSyntax,
     "Correct the text at the place that is shown; https://toml.io has the whole language."},
    {Code::kFileUnreadable, "Check that the file is there, is a file, and that you may read it."},
    {Code::kFileTooLarge, "Split the profile, and let one part extend the other."},
    {Code::kSchemaVersion, "Begin the profile with the line: schema_version = 1"},
    {Code::kUnknownKey,
     "Correct the key's spelling or its table; `paddock profile schema` lists all keys."},
    {Code::kWrongType, "Write the value as the message says; strings stand in quotes."},
    {Code::kBadValue,
     "Choose a value from the range or list of the key: `paddock profile schema`."},
    {Code::kDuplicate, "Keep one of the two."},
    {Code::kMissingKey, "Add the key to its table."},
    {Code::kBadName, "Choose a name of the form that the hint gives."},
    {Code::kExtendsCycle, "Take one of the names out of `extends`."},
    {Code::kExtendsDepth, "Merge some of the profiles into one."},
    {Code::kExtendsPath,
     "Put the file into your profile directory and name it; see `paddock help profile`."},
    {Code::kUnknownVariable,
     "Use a variable of the list in `paddock help profile`, or write $${ for the text itself."},
    {Code::kWidening,
     "Take the line out, or make it as strict as the line that is shown with it. If you want it "
     "all the same, the wish has to be yours: write it into a profile of your own, or look at the "
     "file and approve it as it is with `paddock profile approve FILE`."},
    {Code::kUntrusted,
     "Look at what the file asks for. If you want that, approve the file as it is with `paddock "
     "profile approve FILE`, or write a profile of your own."},
    {Code::kForbiddenPath, "Mount a folder of the project, at a place of its own."},
    {Code::kPathMissing, "Make the folder; paddock creates nothing on the host."},
    {Code::kUnknownProfile, "`paddock profile list` shows what there is."},
    {Code::kUnknownPlugin, "`paddock plugin list` shows what is installed."},
    {Code::kBadManifest, "Tell the plugin's author; `paddock plugin info ID` shows the manifest."},
    {Code::kPluginTrust,
     "Make the plugin's file and every folder above it yours or root's, writable by nobody else."},
    {Code::kPluginLoad, "Install the plugin again, built for this machine."},
    {Code::kPluginAbi, "Install a build of the plugin for this version of paddock."},
    {Code::kPluginMisbehaved, "Tell the plugin's author, or do without the plugin."},
    {Code::kPluginTimeout, "Try again; if it stays, do without the plugin and tell its author."},
    {Code::kPluginDied, "Tell the plugin's author, or do without the plugin."},
    {Code::kPluginFailed, "See what the plugin says about it."},
    {Code::kConflict, "Say in [resolve] which plugin wins: \"/the/leaf\" = \"its id\"."},
    {Code::kBadOp, "Tell the plugin's author, or do without the plugin."},
    {Code::kVetoed, "Change the lines that the hardener names, or do without the hardener."},
    {Code::kUnsupported,
     "`paddock doctor` says what is missing on this machine, and how to turn it on."},
    {Code::kUnenforced,
     "Choose another backend, or leave the line out; a limit may be listed in best_effort."},
    {Code::kNoBackend,
     "See the reason for each backend; `paddock doctor` says how to turn on what is missing."},
    {Code::kHookFailed, "See what the hook says about it."},
    {Code::kUnproved,
     "The sandbox was ended before the command began. `paddock doctor` looks at the machine; if "
     "it finds nothing, report it with the receipt."},
    {Code::kGate, "Install paddock again; if it stays, report it with the receipt."},
    {Code::kBackendMissing, "Install or start what is named; `paddock doctor` says how."},
    {Code::kBackendRefused, "`paddock doctor` says which switch of this machine forbids it."},
    {Code::kImage,
     "`paddock image list` shows what the engines have; pull, build or import what is missing."},
    {Code::kNoSandbox, "`paddock ps` lists the sandboxes."},
    {Code::kNameTaken, "Choose another name, or end that sandbox with `paddock stop NAME`."},
    {Code::kNotRunning, "`paddock ps` shows what is running."},
    {Code::kStateCorrupt, "`paddock gc` clears what a damaged state leaves behind."},
    {Code::kUnconfirmed, "Answer the question on a terminal, or pass --yes."},
    {Code::kNoVolume, "`paddock volume list` shows the volumes."},
    {Code::kVolumeInUse, "End the sandboxes that use it: `paddock stop NAME`."},
    {Code::kFindings, "Nothing failed: the findings are in the output."},
    {Code::kSystem, "See the reason that the system gives: a permission, a full disk, a limit."},
    {Code::kTimeout, "Try again; a busy machine may need longer."},
    {Code::kInterrupted, "Nothing is left to do; `paddock gc` clears what may remain."},
    {Code::kCannotExecute, "Check the mode of the file, and that its interpreter is there inside."},
    {Code::kCommandNotFound,
     "Give the path inside the sandbox, or add its folder to PATH in [process.env]."},
    {Code::kInternal, "Please report it, with the command line."},
};

}  // namespace

std::string_view remedy(ErrorCode code) {
  for (const Row& row : kRemedies) {
    if (row.code == code) {
      return row.text;
    }
  }
  return {};
}

}  // namespace paddock::cli
