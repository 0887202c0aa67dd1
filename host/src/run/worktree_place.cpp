#include "run/worktree_place.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "os/file.hpp"
#include "os/paths.hpp"
#include "run/names.hpp"

namespace paddock::run {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kDigestStart = 7;  // behind "sha256:"

std::string short_digest(const std::string& text, std::size_t length) {
  return sha256(text).substr(kDigestStart, length);
}

/// Beside paddock's own data, where no sandbox may look, not in it.
fs::path worktrees_root() {
  return os::user_paths().plugins.parent_path().parent_path() / "paddock-worktrees";
}

}  // namespace

Result<WorktreePlace> find_place(const fs::path& folder) {
  for (fs::path at = folder; !at.empty(); at = at.parent_path()) {
    struct stat status {};
    if (::lstat((at / ".git").c_str(), &status) == 0) {
      if (!S_ISDIR(status.st_mode)) {
        return fail(ErrorCode::kUsage,
                    "'" + printable((at / ".git").string()) + "' is not a repository's own folder",
                    "change to the repository that it belongs to");
      }
      const std::string id = as_name(at.filename().string()) + "-" + short_digest(at.string(), 8);
      return WorktreePlace{at, worktrees_root() / id};
    }
    if (at == at.parent_path()) {
      break;
    }
  }
  return fail(ErrorCode::kUsage, "there is no Git repository here",
              "--worktree takes a branch of the repository of the current folder");
}

std::string worktree_name(const std::string& branch) {
  const std::string name = as_name(branch);
  return name == branch ? name : as_name(name.substr(0, 40)) + "-" + short_digest(branch, 6);
}

std::string encode_record(const WorktreeRecord& record) {
  return Json{{"schema", "paddock.worktree/1"},
              {"repository", record.repository},
              {"branch", record.branch},
              {"base", record.base},
              {"folder", record.folder}}
             .dump() +
         "\n";
}

Result<WorktreeRecord> read_worktree_record(const fs::path& path) {
  const auto text = os::read_file(path);
  if (!text) {
    return fail_as(text);
  }
  try {
    const Json json = Json::parse(*text);
    return WorktreeRecord{json.at("repository"), json.at("branch"), json.at("base"),
                          json.at("folder")};
  } catch (const Json::exception& error) {
    return fail(ErrorCode::kStateCorrupt,
                "the record of a worktree is damaged: " + printable(path.string()));
  }
}

}  // namespace paddock::run
