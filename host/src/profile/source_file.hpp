// Profile files: where a name or path leads, whose they are, and their checked trees.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/node.hpp"
#include "profile/problems.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {

/// One profile file, read and parsed; its shape is checked by the caller.
struct SourceFile {
  Layer layer;
  Node root;
  std::filesystem::path path;  ///< links resolved; identifies the file
  std::vector<Node> extends;   ///< names with their places
  std::string description;
};

/// Finds and reads the profile that a command line names: a name (the user's directory, then the
/// shipped one), or a path where it holds '/' or ends in ".toml". Errors: kBadName,
/// kUnknownProfile with the nearest name, kFileUnreadable, kFileTooLarge, kTomlSyntax, kUntrusted
/// (a file of the user's directory that others may write).
Result<SourceFile> open_profile(const std::string& argument,
                                const Context& context,
                                Problems& problems);

/// The same for a name in `extends`, which stands at `where`.
Result<SourceFile> open_parent(const std::string& name,
                               const SourcePos& where,
                               const Context& context,
                               Problems& problems);

/// Where the profile of that name is: the user's own before a shipped one. Empty when there is
/// none.
std::filesystem::path profile_file(const std::string& name, const Context& context);

/// Whose word the file at `path` is, links resolved.
Trust trust_of(const std::filesystem::path& path, const Context& context);

/// Names of all profiles, the user's own first; for lists and hints.
std::vector<std::string> profile_names(const Context& context);

bool is_path_argument(std::string_view argument);

}  // namespace paddock::profile
