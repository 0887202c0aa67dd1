// A project's own profile, FOLDER/.paddock/profile.toml. It comes with whatever lies in FOLDER, so
// that it may only narrow; it is found without being named, so that it is opened with more care
// than a file that the user names. [any thread]
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "profile/profile.hpp"

namespace paddock::profile {

/// Of the file, from the project's folder.
inline constexpr const char* kProjectPath = ".paddock/profile.toml";

/// Read once: what was judged is what is used.
struct ProjectFile {
  std::filesystem::path folder;  ///< the project's, links resolved; ${cwd} of the profile
  std::filesystem::path path;    ///< of the file
  std::string text;
};

/// Whether `path` is spelled as a project's own profile is.
bool is_project_path(const std::filesystem::path& path);

/// The folder that the profile at `path` speaks for: its own, or the project's around .paddock.
std::filesystem::path folder_of_profile(const std::filesystem::path& path);

/// The file of the project in `folder`, as the user would see it at `shown`. Errors:
/// kUnknownProfile when there is none; kUntrusted for one behind a link, of another owner, or that
/// every user may write; kFileUnreadable for what is no file; kFileTooLarge.
Result<ProjectFile> open_project(const std::filesystem::path& folder,
                                 const std::string& shown,
                                 const Context& context);

/// The path, from the current folder, of the first project's profile from there upwards. Searched
/// are folders of the user's own that not every user may write, on one file system, below the home
/// or outside of it; not the home itself. Errors: kUnknownProfile, those of open_project.
Result<std::string> find_project(const Context& context);

}  // namespace paddock::profile
