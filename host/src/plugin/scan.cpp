#include "plugin/scan.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "os/unique_fd.hpp"
#include "plugin/toml_node.hpp"

namespace paddock::plugin {
namespace {

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

FileStamp stamp_of(const struct stat& info) {
  FileStamp stamp;
  stamp.device = info.st_dev;
  stamp.inode = info.st_ino;
  stamp.size = static_cast<std::uint64_t>(info.st_size);
  stamp.mtime_s = info.st_mtim.tv_sec;
  stamp.mtime_ns = info.st_mtim.tv_nsec;
  stamp.ctime_s = info.st_ctim.tv_sec;
  stamp.ctime_ns = info.st_ctim.tv_nsec;
  return stamp;
}

/// A name that can be an id; everything else in a search directory is no plugin.
bool is_candidate_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.size() <= 63 &&
         name.find('/') == std::string_view::npos;
}

std::optional<Candidate> candidate_in(int directory,
                                      const SearchPath& where,
                                      const std::string& name) {
  struct stat info {};
  if (::fstatat(directory, (name + "/manifest.toml").c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return std::nullopt;
  }
  return Candidate{name, where.directory / name / "manifest.toml", where.mode_of(name),
                   stamp_of(info)};
}

os::UniqueFd open_search(const SearchPath& where) {
  return os::UniqueFd(::open(where.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/// Calls `see` with each candidate of one directory.
template <typename See>
void scan_one(const SearchPath& where, See see) {
  os::UniqueFd fd = open_search(where);
  if (!fd) {
    return;
  }
  const int raw = fd.get();
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(fd.release()), &::closedir);
  while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr) {
    const std::string name = entry->d_name;
    auto candidate = is_candidate_name(name) ? candidate_in(raw, where, name) : std::nullopt;
    if (candidate) {
      see(std::move(*candidate));
    }
  }
}

/// Whole file in one read; `fd` is open on a regular file or it fails.
Result<std::string> read_regular(int fd, const std::filesystem::path& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return fail_errno(errno, "cannot look at " + quoted(path));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kPluginTrust, quoted(path) + " is not a regular file");
  }
  if (info.st_size > static_cast<off_t>(kMaxTomlBytes)) {
    return fail(ErrorCode::kFileTooLarge, quoted(path) + " is larger than 48 KiB");
  }
  std::string text(static_cast<std::size_t>(info.st_size), '\0');
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  if (got != info.st_size) {
    return fail_errno(got < 0 ? errno : EIO, "cannot read " + quoted(path));
  }
  return text;
}

}  // namespace

Mode SearchPath::mode_of(std::string_view id) const {
  return !shipped || std::find(shipped->begin(), shipped->end(), id) != shipped->end()
             ? mode
             : Mode::kChildProcess;
}

std::vector<Candidate> scan(const std::vector<SearchPath>& search) {
  std::map<std::string, Candidate> found;
  for (const SearchPath& where : search) {
    scan_one(where, [&](Candidate candidate) {
      const std::string id = candidate.id;
      found.emplace(id, std::move(candidate));
    });
  }
  std::vector<Candidate> result;
  result.reserve(found.size());
  for (auto& [id, candidate] : found) {
    result.push_back(std::move(candidate));
  }
  return result;
}

std::vector<Shadowed> find_shadowed(const std::vector<SearchPath>& search) {
  std::map<std::string, std::filesystem::path> first;
  std::vector<Shadowed> result;
  for (const SearchPath& where : search) {
    scan_one(where, [&](const Candidate& candidate) {
      const auto directory = candidate.manifest.parent_path();
      const auto [winner, is_first] = first.emplace(candidate.id, directory);
      if (!is_first && winner->second != directory) {
        result.push_back({candidate.id, directory, winner->second});
      }
    });
  }
  std::sort(result.begin(), result.end());
  // A directory may be named twice.
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::optional<Candidate> locate(const std::vector<SearchPath>& search, std::string_view id) {
  if (!is_candidate_name(id)) {
    return std::nullopt;
  }
  for (const SearchPath& where : search) {
    const os::UniqueFd fd = open_search(where);
    if (!fd) {
      continue;
    }
    if (auto candidate = candidate_in(fd.get(), where, std::string(id))) {
      return candidate;
    }
  }
  return std::nullopt;
}

Result<std::string> read_manifest(const Candidate& candidate) {
  const std::filesystem::path directory = candidate.manifest.parent_path();
  const os::UniqueFd parent(
      ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!parent) {
    return errno == ENOTDIR
               ? fail(ErrorCode::kPluginTrust, quoted(directory) + " is a link or not a directory")
               : fail_errno(errno, "cannot open " + quoted(directory));
  }
  const os::UniqueFd fd(::openat(parent.get(), "manifest.toml",
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) {
    return errno == ELOOP ? fail(ErrorCode::kPluginTrust, quoted(candidate.manifest) + " is a link")
                          : fail_errno(errno, "cannot open " + quoted(candidate.manifest));
  }
  return read_regular(fd.get(), candidate.manifest);
}

Result<Manifest> parse_candidate(const Candidate& candidate) {
  auto text = read_manifest(candidate);
  if (!text) {
    return fail_as(text);
  }
  auto manifest = parse_manifest(candidate.manifest, std::move(*text));
  if (manifest) {
    manifest->mode = candidate.mode;
  }
  return manifest;
}

}  // namespace paddock::plugin
