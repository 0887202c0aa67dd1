#include "profile/project.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "os/beneath.hpp"
#include "os/file.hpp"
#include "os/tree.hpp"
#include "profile/history.hpp"
#include "profile/toml_document.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = ".paddock";
constexpr const char* kName = "profile.toml";

Failure refused(const std::string& shown, const std::string& why) {
  return fail(ErrorCode::kUntrusted, "'" + shown + "' " + why,
              "look at it; to use another profile, name it: paddock run PROFILE");
}

Failure cannot_open(const std::string& shown, int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return fail(ErrorCode::kUnknownProfile, "no profile is at '" + shown + "'");
    case ELOOP:
      return refused(shown, "is a link or lies behind one");
    case EXDEV:
      return refused(shown, "lies on another file system than its project");
    default:
      return fail(ErrorCode::kFileUnreadable,
                  "cannot open '" + shown + "': " + std::strerror(number));
  }
}

Result<void> check(const struct stat& status, const std::string& shown, const Context& context) {
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kFileUnreadable,
                "cannot read '" + shown + "': it is a " + os::type_word(status.st_mode));
  }
  if (status.st_uid != context.uid) {
    return refused(shown, "belongs to another user");
  }
  return (status.st_mode & S_IWOTH) == 0 ? Result<void>{}
                                         : refused(shown, "can be changed by every user");
}

Result<std::string> read(int fd, const std::string& shown) {
  constexpr std::size_t kLimit = TomlLimits{}.bytes;
  auto text = os::read_fd(fd, kLimit, shown);
  if (!text && text.error().code == ErrorCode::kFileTooLarge) {
    return fail(ErrorCode::kFileTooLarge, "'" + shown + "' is larger than " +
                                              std::to_string(kLimit / 1024) +
                                              " KiB, the most that paddock reads");
  }
  return text;
}

/// Whether a project may be looked for in `folder`, which `status` is of.
bool is_own(const fs::path& folder,
            const struct stat& status,
            const fs::path& home,
            const Context& context) {
  const bool above_home = !home.empty() && is_inside(home.string(), folder.string());
  return S_ISDIR(status.st_mode) && status.st_uid == context.uid &&
         (status.st_mode & S_IWOTH) == 0 && !above_home;
}

bool has_project(const fs::path& folder) {
  struct stat status {};
  const fs::path path = folder / kProjectPath;
  // A link that leads nowhere is there, and refused when it is opened.
  return ::lstat(path.c_str(), &status) == 0 ||
         (::lstat((folder / kFolder).c_str(), &status) == 0 && S_ISLNK(status.st_mode));
}

}  // namespace

bool is_project_path(const fs::path& path) {
  return path.filename() == kName && path.parent_path().filename() == kFolder;
}

fs::path folder_of_profile(const fs::path& path) {
  return is_project_path(path) ? path.parent_path().parent_path() : path.parent_path();
}

Result<ProjectFile> open_project(const fs::path& folder,
                                 const std::string& shown,
                                 const Context& context) {
  std::error_code missing;
  ProjectFile project;
  project.folder = fs::canonical(folder, missing);
  if (missing) {
    return cannot_open(shown, ENOENT);
  }
  project.path = project.folder / kProjectPath;
  const os::UniqueFd root = os::open_without_links(project.folder, O_PATH | O_DIRECTORY);
  const os::UniqueFd file =
      root ? os::open_beneath(root.get(), kProjectPath, O_RDONLY | O_NOFOLLOW) : os::UniqueFd();
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) {
    return cannot_open(shown, errno);
  }
  if (auto fit = check(status, shown, context); !fit) {
    return fail_as(fit);
  }
  auto text = read(file.get(), shown);
  if (!text) {
    return fail_as(text);
  }
  project.text = std::move(*text);
  return project;
}

Result<std::string> find_project(const Context& context) {
  std::error_code ignored;
  const fs::path home = fs::weakly_canonical(context.home, ignored);
  std::optional<dev_t> device;
  for (fs::path folder = context.cwd; !folder.empty(); folder = folder.parent_path()) {
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0 || !is_own(folder, status, home, context) ||
        device.value_or(status.st_dev) != status.st_dev) {
      break;
    }
    device = status.st_dev;
    if (has_project(folder)) {
      const std::string shown = (folder / kProjectPath).lexically_relative(context.cwd).string();
      const auto opened = open_project(folder, shown, context);
      return opened ? Result<std::string>(shown) : fail_as(opened);
    }
    if (folder == folder.parent_path()) {
      break;
    }
  }
  return fail(ErrorCode::kUnknownProfile,
              std::string("no profile is named, and no project's own '") + kProjectPath +
                  "' is found from here up",
              "name one (`paddock profile list`); a command alone stands after `--`");
}

}  // namespace paddock::profile
