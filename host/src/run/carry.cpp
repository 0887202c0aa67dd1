#include "run/carry.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/text.hpp"
#include "os/beneath.hpp"
#include "os/new_file.hpp"
#include "os/tree.hpp"

namespace paddock::run {
namespace {

/// A file of the host, opened and judged.
struct Source {
  std::string path, name;
  os::UniqueFd fd;
  struct stat status {};
};

std::string file_name(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Failure cannot_take(const std::string& path, const std::string& why, std::string hint) {
  return fail(ErrorCode::kUsage, "cannot take '" + printable(path) + "': " + why, std::move(hint));
}

/// Links are refused on the whole way: one that a workload planted in its workspace leads to what
/// it may not read.
Result<Source> open_source(const std::string& path) {
  Source source{path, file_name(path), os::open_without_links(path, O_RDONLY), {}};
  if (!source.fd && errno == ELOOP) {
    return cannot_take(path, "it is a link or lies behind one",
                       "name the file itself, as `realpath` prints it, once you know it");
  }
  if (!source.fd || ::fstat(source.fd.get(), &source.status) != 0) {
    return fail_errno(errno, "cannot open '" + printable(path) + "'");
  }
  if (!S_ISREG(source.status.st_mode)) {
    const std::string word = os::type_word(source.status.st_mode);
    return cannot_take(path, "it is a " + word,
                       S_ISDIR(source.status.st_mode) ? "name its files, or pack it with tar"
                                                      : "only files are carried");
  }
  return source;
}

Result<std::vector<Source>> open_sources(const std::vector<std::string>& paths) {
  std::vector<Source> sources;
  std::set<std::string> names;
  for (const std::string& path : paths) {
    auto source = open_source(path);
    if (!source) {
      return fail_as(source);
    }
    if (!names.insert(source->name).second) {
      return fail(ErrorCode::kUsage, "two files are named '" + printable(source->name) + "'");
    }
    sources.push_back(std::move(*source));
  }
  return sources;
}

/// Its own bits for group and others, none that gives rights, and what the sandbox's user needs:
/// outside that is us, who own the copy.
mode_t mode_of(const Source& source, bool writable) {
  return (source.status.st_mode & 0755) | (writable ? 0600 : 0400);
}

Result<void> put(const Source& source, int folder, bool writable, bool force) {
  auto file = os::NewFile::create(folder, source.name);
  if (!file) {
    return fail_as(file);
  }
  const auto size = static_cast<std::uint64_t>(source.status.st_size);
  if (auto copied = os::copy_content(source.fd.get(), file->fd(), size); !copied) {
    return fail_with(std::move(copied), "'" + printable(source.path) + "'");
  }
  if (::fchmod(file->fd(), mode_of(source, writable)) != 0) {
    return fail_errno(errno, "cannot set the mode of '" + printable(source.name) + "'");
  }
  return file->publish(force);
}

Result<std::vector<std::string>> carry(const Store& store,
                                       const CarryOrder& order,
                                       const std::string& name,
                                       bool read_only) {
  const auto workspace = open_workspace(store, order.sandbox);
  const auto folder = workspace ? named_folder(*workspace, name, read_only) : fail_as(workspace);
  const auto sources = folder ? open_sources(order.files) : fail_as(folder);
  const auto fd = sources ? open_folder(*folder) : fail_as(sources);
  if (!fd) {
    return fail_as(fd);
  }
  std::vector<std::string> put_there;
  for (const Source& source : *sources) {
    if (auto done = put(source, fd->get(), !read_only, order.force); !done) {
      return fail_as(done);
    }
    put_there.push_back("/workspace/" + name + "/" + source.name);
  }
  return put_there;
}

}  // namespace

Result<std::vector<std::string>> import_files(const Store& store, const CarryOrder& order) {
  return carry(store, order, "imports", true);
}

Result<std::vector<std::string>> share_files(const Store& store, const CarryOrder& order) {
  return carry(store, order, "shared", false);
}

}  // namespace paddock::run
