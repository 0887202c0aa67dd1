#include "support/engine/image/tar_source.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>
#include <vector>

namespace paddock::engine {
namespace {

constexpr std::size_t kPiece = 64 << 10;

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

la_ssize_t collect(struct archive*, void* text, const void* bytes, std::size_t size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

struct TarSource::State {
  std::string root;
  IgnoreList ignored;
  std::string ready;  ///< written, and not taken yet
  std::unique_ptr<archive, int (*)(archive*)> disk{archive_read_disk_new(), archive_read_free};
  std::unique_ptr<archive, int (*)(archive*)> tar{archive_write_new(), archive_write_free};
  std::unique_ptr<archive_entry_linkresolver, void (*)(archive_entry_linkresolver*)> links{
      archive_entry_linkresolver_new(), archive_entry_linkresolver_free};
  std::vector<std::pair<std::string, std::string>> more;
  bool has_data = false;  ///< of the entry under way
  bool ended = false;

  Failure failed(struct archive* where) const {
    const char* const words = archive_error_string(where);
    return fail(ErrorCode::kSystem, "cannot read '" + root + "': " + (words ? words : "no reason"));
  }

  Result<void> write_header(archive_entry* entry) {
    return archive_write_header(tar.get(), entry) >= ARCHIVE_WARN ? Result<void>{}
                                                                  : failed(tar.get());
  }

  Result<void> next_entry() {
    Entry entry(archive_entry_new());
    const int status = archive_read_next_header2(disk.get(), entry.get());
    if (status == ARCHIVE_EOF) {
      return finish();
    }
    if (status < ARCHIVE_WARN) {
      return failed(disk.get());
    }
    const std::string whole = archive_entry_pathname(entry.get());
    const std::string path = whole.substr(std::min(root.size() + 1, whole.size()));
    if (!ignored.excludes_all_of(path)) {
      archive_read_disk_descend(disk.get());
    }
    if (path.empty() || archive_entry_filetype(entry.get()) == AE_IFSOCK ||
        ignored.excludes(path)) {
      return {};
    }
    return write_entry(std::move(entry), path);
  }

  Result<void> write_entry(Entry entry, const std::string& path) {
    archive_entry_copy_pathname(entry.get(), path.c_str());
    archive_entry* given = entry.release();
    archive_entry* spare = nullptr;
    archive_entry_linkify(links.get(), &given, &spare);
    const Entry kept(given);
    const Entry rest(spare);
    has_data = kept && archive_entry_size(kept.get()) > 0;
    return kept ? write_header(kept.get()) : Result<void>{};
  }

  Result<void> next_data() {
    std::array<char, kPiece> bytes;
    const la_ssize_t count = archive_read_data(disk.get(), bytes.data(), bytes.size());
    if (count < 0) {
      return failed(disk.get());
    }
    has_data = count > 0;
    return archive_write_data(tar.get(), bytes.data(), static_cast<std::size_t>(count)) >= 0
               ? Result<void>{}
               : failed(tar.get());
  }

  Result<void> finish() {
    for (const auto& [name, content] : more) {
      const Entry entry(archive_entry_new());
      archive_entry_set_pathname(entry.get(), name.c_str());
      archive_entry_set_filetype(entry.get(), AE_IFREG);
      archive_entry_set_perm(entry.get(), 0644);
      archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
      if (auto written = write_header(entry.get()); !written) {
        return written;
      }
      archive_write_data(tar.get(), content.data(), content.size());
    }
    ended = true;
    return archive_write_close(tar.get()) == ARCHIVE_OK ? Result<void>{} : failed(tar.get());
  }
};

TarSource::TarSource(std::unique_ptr<State> state) : state_(std::move(state)) {}
TarSource::TarSource(TarSource&&) noexcept = default;
TarSource::~TarSource() = default;

Result<TarSource> TarSource::open(const std::string& directory, IgnoreList ignored) {
  auto state = std::make_unique<State>();
  state->ignored = std::move(ignored);
  state->root = std::filesystem::path(directory).lexically_normal();
  while (state->root.size() > 1 && state->root.back() == '/') {
    state->root.pop_back();
  }
  if (!std::filesystem::is_directory(state->root)) {
    return fail(ErrorCode::kSystem, "'" + directory + "' is no folder");
  }
  archive_read_disk_set_symlink_physical(state->disk.get());
  archive_read_disk_set_behavior(state->disk.get(),
                                 ARCHIVE_READDISK_NO_TRAVERSE_MOUNTS | ARCHIVE_READDISK_NO_ACL |
                                     ARCHIVE_READDISK_NO_XATTR | ARCHIVE_READDISK_NO_FFLAGS);
  // Names as they are, in whatever encoding.
  archive_write_set_format_gnutar(state->tar.get());
  archive_entry_linkresolver_set_strategy(state->links.get(), archive_format(state->tar.get()));
  archive_write_set_bytes_per_block(state->tar.get(), 0);
  archive_write_open(state->tar.get(), &state->ready, nullptr, collect, nullptr);
  if (state->root == "/") {
    return fail(ErrorCode::kUsage, "'/' is this machine's own root", "name a folder");
  }
  if (archive_read_disk_open(state->disk.get(), state->root.c_str()) != ARCHIVE_OK) {
    return state->failed(state->disk.get());
  }
  return TarSource(std::move(state));
}

void TarSource::append(std::string name, std::string content) {
  state_->more.emplace_back(std::move(name), std::move(content));
}

Result<std::string> TarSource::next() {
  while (state_->ready.size() < kPiece && !state_->ended) {
    if (auto step = state_->has_data ? state_->next_data() : state_->next_entry(); !step) {
      return fail_as(step);
    }
  }
  return std::exchange(state_->ready, {});
}

}  // namespace paddock::engine
