#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "os/beneath.hpp"
#include "os/file.hpp"
#include "run/git.hpp"

namespace paddock::run {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSmall = 1 << 20;

std::string quoted(const fs::path& path) {
  return "'" + printable(path.string()) + "'";
}

Failure reaches_out(const fs::path& repository, const std::string& name) {
  return fail(ErrorCode::kUntrusted,
              "the repository " + quoted(repository) + " reaches outside of itself: '" + name +
                  "' leads elsewhere",
              "look at it; `git repack -ad` makes a repository with alternates whole");
}

/// Folders that git walks into and writes to have to be the repository's own. Those of an unused
/// kind may be absent.
Result<void> check_folders(int repository, const fs::path& path) {
  for (const char* name : {"objects", "objects/pack", "objects/info", "refs", "refs/heads", "logs",
                           "logs/refs", "logs/refs/heads"}) {
    if (!os::open_beneath(repository, name, O_PATH | O_DIRECTORY | O_NOFOLLOW) && errno != ENOENT) {
      return reaches_out(path, name);
    }
  }
  for (const char* name : {"objects/info/alternates", "objects/info/http-alternates"}) {
    struct stat status {};
    if (::fstatat(repository, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      return reaches_out(path, name);
    }
  }
  return {};
}

Result<std::string> read_own(int repository, const char* name, const fs::path& path) {
  const os::UniqueFd fd = os::open_beneath(repository, name, O_RDONLY | O_NOFOLLOW);
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kUntrusted, quoted(path / name) + " is no file of a repository");
  }
  return os::read_fd(fd.get(), kSmall, (path / name).string());
}

/// "ref: refs/heads/main", or a commit.
Result<std::string> read_head(int repository, const fs::path& path) {
  auto text = read_own(repository, "HEAD", path);
  if (!text) {
    return text;
  }
  while (!text->empty() && text->back() == '\n') {
    text->pop_back();
  }
  constexpr std::string_view kRef = "ref: refs/heads/";
  const bool commit =
      text->size() == 40 && text->find_first_not_of("0123456789abcdef") == std::string::npos;
  if (text->starts_with(kRef) && is_branch_name(text->substr(kRef.size()))) {
    return text->substr(5);
  }
  return commit ? std::move(text)
                : fail(ErrorCode::kUnsupported, "the HEAD of the repository " + quoted(path) +
                                                    " is neither a branch nor a commit");
}

/// Others store objects or references in ways that only their configuration tells.
Result<void> check_format(int repository, const fs::path& path) {
  const auto config = read_own(repository, "config", path);
  if (!config) {
    return fail_as(config);
  }
  std::string small = *config;
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  const bool sha256 = small.find("sha256") != std::string::npos;
  const bool tables = static_cast<bool>(os::open_beneath(repository, "reftable", O_PATH));
  return sha256 || tables ? Result<void>(fail(ErrorCode::kUnsupported,
                                              "the repository " + quoted(path) + " stores its " +
                                                  (tables ? "references" : "objects") +
                                                  " in a way that --worktree does not know"))
                          : Result<void>{};
}

Result<void> check_owner(int repository, const fs::path& path) {
  struct stat status {};
  if (::fstat(repository, &status) != 0) {
    return fail_errno(errno, "cannot look at " + quoted(path));
  }
  return status.st_uid == ::geteuid()
             ? Result<void>{}
             : fail(ErrorCode::kUntrusted,
                    "the repository " + quoted(path) + " belongs to another user",
                    "make a clone of your own");
}

Result<void> build(const fs::path& view, const fs::path& repository, const std::string& head) {
  if (auto made = os::make_private_dir(view); !made) {
    return made;
  }
  const std::string ref = (head.starts_with("refs/") ? "ref: " : "") + head + "\n";
  constexpr std::string_view kConfig =
      "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
      "\tlogAllRefUpdates = true\n";
  for (const auto& [name, text] : {std::pair<const char*, std::string_view>{"HEAD", ref},
                                   std::pair<const char*, std::string_view>{"config", kConfig}}) {
    if (auto written = os::write_atomic(view / name, text, false); !written) {
      return written;
    }
  }
  for (const char* name : {"objects", "refs", "logs", "packed-refs", "shallow"}) {
    struct stat status {};
    const fs::path target = repository / name;
    const bool is_there = ::lstat(target.c_str(), &status) == 0;
    if (is_there && S_ISLNK(status.st_mode)) {
      return reaches_out(repository, name);
    }
    if (is_there && ::symlink(target.c_str(), (view / name).c_str()) != 0) {
      return fail_errno(errno, "cannot write " + quoted(view / name));
    }
  }
  return {};
}

}  // namespace

Result<RepositoryView> RepositoryView::open(const fs::path& repository, const fs::path& scratch) {
  const os::UniqueFd fd = os::open_without_links(repository, O_RDONLY | O_DIRECTORY);
  if (!fd) {
    return fail_errno(errno, "cannot open the repository " + quoted(repository));
  }
  for (const auto& check : {check_owner, check_folders, check_format}) {
    if (auto fit = check(fd.get(), repository); !fit) {
      return fail_as(fit);
    }
  }
  auto head = read_head(fd.get(), repository);
  if (!head) {
    return fail_as(head);
  }
  RepositoryView view(scratch / (".view-" + random_hex(8)), std::move(*head));
  auto built = build(view.path(), repository, view.head());
  return built ? Result<RepositoryView>(std::move(view)) : fail_as(built);
}

RepositoryView::RepositoryView(RepositoryView&& other) noexcept
    : path_(std::exchange(other.path_, {})), head_(std::move(other.head_)) {}

RepositoryView::~RepositoryView() {
  if (!path_.empty()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);  // links are removed, not followed
  }
}

}  // namespace paddock::run
