#include "profile/source_file.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "os/file.hpp"
#include "profile/names.hpp"
#include "profile/project.hpp"
#include "profile/toml_document.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".toml";

bool is_below(const fs::path& path, const fs::path& directory) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(directory, ignored);
  const fs::path relative = path.lexically_relative(real);
  return !directory.empty() && !relative.empty() && *relative.begin() != ".." && relative != ".";
}

// Only the user and root may have a hand in `path`.
Result<void> check_hands(const fs::path& path,
                         const std::string& as_shown,
                         const Context& context) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return fail_errno(errno, "cannot read '" + as_shown + "'");
  }
  if (status.st_uid != context.uid && status.st_uid != 0) {
    return fail(ErrorCode::kUntrusted, "'" + as_shown + "' belongs to another user");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    const bool all = (status.st_mode & S_IWOTH) != 0;
    return fail(ErrorCode::kUntrusted,
                "'" + as_shown + "' can be changed by " + (all ? "every user" : "its group"),
                "chmod go-w '" + as_shown + "', after a look at it");
  }
  return {};
}

// The word of a file in the user's directory counts only while nobody else can write or exchange
// it.
Result<void> check_owner(const fs::path& path,
                         const std::string& as_shown,
                         const Context& context) {
  const fs::path folder = path.parent_path();
  if (auto checked = check_hands(folder, folder.string(), context); !checked) {
    return checked;
  }
  return check_hands(path, as_shown, context);
}

Result<std::string> read_profile(const fs::path& path, const std::string& as_shown) {
  constexpr std::size_t kLimit = TomlLimits{}.bytes;
  Result<std::string> text = os::read_file(path, kLimit);
  if (text) {
    return text;
  }
  if (text.error().code == ErrorCode::kFileTooLarge) {
    return fail(ErrorCode::kFileTooLarge, "'" + as_shown + "' is larger than " +
                                              std::to_string(kLimit / 1024) +
                                              " KiB, the most that paddock reads");
  }
  Error error = text.error();
  error.code = ErrorCode::kFileUnreadable;
  return Failure(std::move(error));
}

/// The rest of a file that was found, judged and read.
Result<SourceFile> parsed(SourceFile file, std::string text, Problems& problems) {
  file.layer.digest = sha256(text);
  const std::string& as_shown = file.layer.file;
  std::vector<Error> slips;
  Result<Node> root = parse_toml(text, as_shown, slips);
  problems.add_source(as_shown, std::move(text));
  for (Error& slip : slips) {
    problems.add(std::move(slip));
  }
  if (!root) {
    return fail_as(root);
  }
  file.root = std::move(*root);
  return file;
}

Result<SourceFile> load_project(const fs::path& path,
                                const std::string& as_shown,
                                const Context& context,
                                Problems& problems) {
  auto project = open_project(folder_of_profile(path), as_shown, context);
  if (!project) {
    return fail_as(project);
  }
  SourceFile file;
  file.path = project->path;
  file.layer.file = as_shown;
  // No name that another profile can have.
  file.layer.name = project->folder.filename().string() + "/.paddock";
  return parsed(std::move(file), std::move(project->text), problems);
}

Result<SourceFile> load(const fs::path& path,
                        const std::string& as_shown,
                        const Context& context,
                        Problems& problems) {
  std::error_code failure;
  SourceFile file;
  file.path = fs::canonical(path, failure);
  if (failure) {
    return fail(ErrorCode::kUnknownProfile, "no profile is at '" + as_shown + "'");
  }
  file.layer.trust = trust_of(file.path, context);
  file.layer.file = as_shown;
  if (file.layer.trust == Trust::kUser) {
    if (auto owner = check_owner(file.path, as_shown, context); !owner) {
      return fail_as(owner);
    }
  }
  Result<std::string> text = read_profile(file.path, as_shown);
  if (!text) {
    return fail_as(text);
  }
  file.layer.name = file.path.stem().string();
  return parsed(std::move(file), std::move(*text), problems);
}

// The file of a profile's name: the user's own wins.
fs::path find_name(const std::string& name, const Context& context) {
  std::error_code ignored;
  for (const fs::path& directory : {context.user_dir, context.shipped_dir}) {
    const fs::path candidate = directory / (name + std::string(kSuffix));
    if (!directory.empty() && fs::exists(candidate, ignored)) {
      return candidate;
    }
  }
  return {};
}

std::string unknown_hint(const std::string& name, const Context& context) {
  const std::string hint = name_hint(name, profile_names(context));
  return hint.empty() ? "`paddock profile list` shows what there is" : hint;
}

void take_identity(SourceFile& file) {
  if (const Node* name = file.root.find("name"); name != nullptr && name->text() != nullptr) {
    file.layer.name = *name->text();
  }
  if (const Node* text = file.root.find("description");
      text != nullptr && text->text() != nullptr) {
    file.description = *text->text();
  }
  if (const Node* names = file.root.find("extends");
      names != nullptr && names->array() != nullptr) {
    file.extends = *names->array();
  }
}

Result<SourceFile> opened(Result<SourceFile> file) {
  if (file) {
    take_identity(*file);
  }
  return file;
}

}  // namespace

Trust trust_of(const fs::path& path, const Context& context) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(path, ignored);
  if (is_below(real, context.shipped_dir)) {
    return Trust::kShipped;
  }
  return is_below(real, context.user_dir) ? Trust::kUser : Trust::kForeign;
}

// `base` is what every profile stands on, so nobody's file may take its place.
fs::path profile_file(const std::string& name, const Context& context) {
  return name == "base" ? context.shipped_dir / "base.toml" : find_name(name, context);
}

bool is_path_argument(std::string_view argument) {
  return argument.find('/') != std::string_view::npos ||
         (argument.size() > kSuffix.size() &&
          argument.substr(argument.size() - kSuffix.size()) == kSuffix);
}

std::vector<std::string> profile_names(const Context& context) {
  std::vector<std::string> names;
  for (const fs::path& directory : {context.user_dir, context.shipped_dir}) {
    std::error_code ignored;
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
      const std::string stem = entry.path().stem().string();
      if (entry.path().extension() == kSuffix && is_name(stem) &&
          std::find(names.begin(), names.end(), stem) == names.end()) {
        found.push_back(stem);
      }
    }
    std::sort(found.begin(), found.end());
    names.insert(names.end(), found.begin(), found.end());
  }
  return names;
}

Result<SourceFile> open_profile(const std::string& argument,
                                const Context& context,
                                Problems& problems) {
  if (is_path_argument(argument)) {
    const fs::path path =
        fs::path(argument).is_absolute() ? fs::path(argument) : context.cwd / fs::path(argument);
    return opened(is_project_path(path) ? load_project(path, argument, context, problems)
                                        : load(path, argument, context, problems));
  }
  if (!is_name(argument)) {
    const std::string quoted = argument.size() > 80 ? argument.substr(0, 77) + "..." : argument;
    return fail(ErrorCode::kBadName, "'" + shown(quoted) + "' is not a profile's name", kNameRule);
  }
  const fs::path path = profile_file(argument, context);
  if (path.empty()) {
    return fail(ErrorCode::kUnknownProfile, "no profile is named '" + argument + "'",
                unknown_hint(argument, context));
  }
  return opened(load(path, path.string(), context, problems));
}

Result<SourceFile> open_parent(const std::string& name,
                               const SourcePos& where,
                               const Context& context,
                               Problems& problems) {
  const fs::path path = profile_file(name, context);
  if (path.empty()) {
    return fail_at(ErrorCode::kUnknownProfile, where, "no profile is named '" + name + "'",
                   unknown_hint(name, context));
  }
  return opened(load(path, path.string(), context, problems));
}

}  // namespace paddock::profile
