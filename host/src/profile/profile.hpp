// TOML files to one resolved profile: extends, host overrides, --set, variables, trust. Every
// value keeps its place. Pure but for reading files; [any thread].
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/node.hpp"
#include "base/option.hpp"
#include "paddock/contract/error.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::profile {

/// Whose word a layer is. Only the user's own (and what ships with paddock) may widen.
enum class Trust : std::uint8_t { kShipped, kUser, kApproved, kForeign };

/// One file, or "--set", that took part, in the order of application.
struct Layer {
  std::string name;  ///< profile name, "NAME [host.PATTERN]" or "--set"
  std::string file;  ///< as shown to the user; empty for --set
  Trust trust = Trust::kForeign;
  std::string digest;  ///< sha256 of the bytes; empty for --set
};

/// The outcome: one tree with positions.
struct Profile {
  std::string name;
  std::string description;
  Node root;  ///< merged; keys as in the reference (README, `profile schema`)
  std::vector<Layer> layers;
  std::string digest;  ///< sha256 of the canonical JSON of `root` and of the layers' digests
  std::vector<std::string> notices;    ///< what the user should know, one line each
  std::vector<std::string> widenings;  ///< every loosening of a lower layer, with both places
};

/// What `resolve` needs to know of the world; tests give their own.
struct Context {
  std::filesystem::path user_dir;     ///< $XDG_CONFIG_HOME/paddock/profiles
  std::filesystem::path shipped_dir;  ///< PREFIX/share/paddock/profiles
  std::filesystem::path approvals;    ///< file of approved digests
  std::filesystem::path cwd;
  std::filesystem::path home;
  std::string hostname;
  std::string os;            ///< "linux", "macos"
  std::string architecture;  ///< "x86_64", "aarch64"
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string user;
  std::vector<std::filesystem::path> own_dirs;  ///< paddock's config, state, data and cache
  /// What paddock runs from: itself, the gate, plugin directories, shipped profiles. No sandbox may
  /// write them; `current_context` knows all but what host.toml names.
  std::vector<std::filesystem::path> program_paths;
  /// Options of plugin tables by plugin id, from the manifests. An id that is not here is an
  /// error at its table's place.
  std::map<std::string, std::vector<OptionSpec>> plugin_options;
  std::map<std::string, std::string>
      plugin_kinds;  ///< "hardener", "hook"; an id that is not here may be any
  std::vector<std::string> known_plugins;  ///< every discovered id, for hints
};

/// The context of this process, but for plugin_options and known_plugins, which the plugin
/// registry knows.
Context current_context();

struct Request {
  std::string profile;            ///< a name, or a path (contains '/' or ends in .toml)
  std::string sandbox_name;       ///< for ${name}
  std::vector<std::string> sets;  ///< "resources.memory=1GiB"; may only narrow
  bool check_paths = true;        ///< host paths must exist; off to look at a profile only
};

/// All problems of the files are reported together (Error::others).
Result<Profile> resolve(const Request& request, const Context& context);

/// The ids of the hardeners that a resolved profile names.
std::vector<std::string> named_hardeners(const Profile& profile);

/// One entry of [[hooks]]: a plugin in one phase, with a table of its own.
struct HookEntry {
  std::string id;
  contract::HookPhase phase;
  const Node* table;  ///< the whole entry, in the profile's tree
};
/// In the order in which they are called.
std::vector<HookEntry> named_hooks(const Profile& profile);
/// Backend ids in order of preference; empty: any.
std::vector<std::string> preferred_backends(const Profile& profile);

/// A row of `paddock profile list`.
struct Listing {
  std::string name;
  std::filesystem::path file;
  Trust trust;
  std::string description;
  std::string broken;  ///< why it does not load, the first reason; empty when it does
};
std::vector<Listing> list(const Context& context);

/// Draft-07 JSON Schema of profile files, from the same tables that the loader uses.
std::string schema(const Context& context);

/// The same tables for people: every key with type, default, unit and rule, as Markdown.
std::string reference(const Context& context);

/// What an approval would allow: the profile resolved as if it were the user's own, with the
/// digest that is recorded (approval_digest.hpp).
struct Approval {
  Profile profile;
  std::string digest;
  /// Every refusal that the approval would lift, as the unapproved profile meets it; none: the
  /// profile loads without.
  std::vector<Error> gains;
};
Result<Approval> prepare_approval(const Request& request, const Context& context);

/// Records that digest as the user's own word; any later change of a layer voids it.
Result<void> record_approval(const Approval& approval, const Context& context);

/// Both steps, unasked.
Result<void> approve(const Request& request, const Context& context);

}  // namespace paddock::profile
