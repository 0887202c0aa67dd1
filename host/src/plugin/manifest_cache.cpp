#include "plugin/manifest_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "os/file.hpp"
#include "plugin/manifest_record.hpp"

namespace paddock::plugin {
namespace {

constexpr std::string_view kHead = "paddock-manifests/2\n";  // changes with the record's layout
constexpr std::size_t kMaxCacheBytes = 64u << 20;

/// FNV-1a over words: finds damage, not malice.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = bytes.copy(reinterpret_cast<char*>(&word), sizeof(word));
    hash = (hash ^ word) * 0x100000001b3;
    hash ^= hash >> 29;
    bytes.remove_prefix(size);
  }
  return hash;
}

std::string read_own_file(const std::filesystem::path& path) {
  const os::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_uid != ::geteuid() || (info.st_mode & 022) != 0 ||
      info.st_size > static_cast<off_t>(kMaxCacheBytes)) {
    return {};
  }
  std::string text(static_cast<std::size_t>(info.st_size), '\0');
  return ::pread(fd.get(), text.data(), text.size(), 0) == info.st_size ? text : std::string();
}

std::string stamp_text(const FileStamp& stamp) {
  RecordWriter out;
  for (const std::uint64_t value :
       {stamp.device, stamp.inode, stamp.size, static_cast<std::uint64_t>(stamp.mtime_s),
        static_cast<std::uint64_t>(stamp.mtime_ns), static_cast<std::uint64_t>(stamp.ctime_s),
        static_cast<std::uint64_t>(stamp.ctime_ns)}) {
    out.number(value);
  }
  return out.take();
}

/// A file that changed a moment ago may change again under the same time stamp.
bool is_settled(const FileStamp& stamp) {
  return stamp.ctime_s + 1 < ::time(nullptr);
}

}  // namespace

ManifestCache::ManifestCache(std::filesystem::path file) : file_(std::move(file)) {
  content_ = file_.empty() ? std::string() : read_own_file(file_);
  std::string_view rest = content_;
  if (!rest.starts_with(kHead)) {
    return;
  }
  rest.remove_prefix(kHead.size());
  RecordReader head(rest.substr(0, sizeof(std::uint64_t)));
  const std::uint64_t sum = head.number();
  rest.remove_prefix(std::min(rest.size(), sizeof(std::uint64_t)));
  if (head.failed() || checksum(rest) != sum) {
    return;
  }
  RecordReader entries(rest);
  while (!entries.done()) {
    const std::string_view entry = entries.text();
    const std::string_view path = RecordReader(entry).text();
    if (entries.failed()) {
      return;
    }
    old_.emplace(path, entry);
  }
}

std::optional<Manifest> ManifestCache::take(const Candidate& candidate) {
  const auto found = old_.find(candidate.manifest.native());
  if (found == old_.end()) {
    return std::nullopt;
  }
  RecordReader entry(found->second);
  entry.text();
  const std::string_view stamp = entry.text();
  const std::string_view record = entry.text();
  auto manifest =
      entry.done() && stamp == stamp_text(candidate.stamp) ? from_record(record) : std::nullopt;
  if (!manifest || manifest->id != candidate.id) {
    return std::nullopt;  // what stays in old_ has the file written anew
  }
  manifest->directory = candidate.manifest.parent_path();
  manifest->mode = candidate.mode;
  kept_.push_back(found->second);
  old_.erase(found);
  return manifest;
}

void ManifestCache::keep(const Candidate& candidate, const Manifest& manifest) {
  if (!is_settled(candidate.stamp)) {
    return;
  }
  RecordWriter entry;
  entry.text(candidate.manifest.native());
  entry.text(stamp_text(candidate.stamp));
  entry.text(to_record(manifest));
  added_.push_back(entry.take());
}

void ManifestCache::save() {
  if (file_.empty() || (added_.empty() && old_.empty())) {
    return;
  }
  RecordWriter entries;
  for (const std::string_view entry : kept_) {
    entries.text(entry);
  }
  for (const std::string& entry : added_) {
    entries.text(entry);
  }
  const std::string body = entries.take();
  RecordWriter sum;
  sum.number(checksum(body));
  // A failure costs the next listing its time and nothing else.
  if (os::make_private_dir(file_.parent_path())) {
    static_cast<void>(os::write_atomic(file_, std::string(kHead) + sum.take() + body, false));
  }
}

}  // namespace paddock::plugin
