#include "support/engine/image/host_image.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <openssl/sha.h>

#include <array>
#include <memory>
#include <set>

#include "support/etc_files.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

constexpr std::size_t kBlock = 10240;  // of tar(5)
constexpr std::size_t kReferenceDigits = 32;

/// An archive in memory. Everything in it is root's and of 1970: the same content, the same bytes.
class Tar {
 public:
  Tar() : archive_(archive_write_new(), archive_write_free) {
    archive_write_set_format_pax_restricted(archive_.get());
    archive_write_set_bytes_per_block(archive_.get(), kBlock);
    archive_write_open(archive_.get(), &text_, nullptr, append, nullptr);
  }

  void add_directory(const std::string& path) { add(path, AE_IFDIR, 0755, ""); }
  void add_link(const std::string& path, const std::string& text) {
    add(path, AE_IFLNK, 0777, "", text.c_str());
  }
  void add_file(const std::string& path, const std::string& content) {
    add(path, AE_IFREG, 0444, content);
  }

  Result<std::string> take() {
    if (archive_write_close(archive_.get()) != ARCHIVE_OK || failed_) {
      return fail(ErrorCode::kSystem, "cannot write an archive");
    }
    return std::move(text_);
  }

 private:
  static la_ssize_t append(struct archive*, void* text, const void* bytes, std::size_t size) {
    static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  }

  void add(const std::string& path,
           unsigned type,
           int mode,
           const std::string& content,
           const char* link = nullptr) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         archive_entry_free);
    archive_entry_set_pathname(entry.get(), path.c_str() + 1);  // without the leading "/"
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), static_cast<__LA_MODE_T>(mode));
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    archive_entry_set_mtime(entry.get(), 0, 0);
    if (link != nullptr) {
      archive_entry_set_symlink(entry.get(), link);
    }
    failed_ = failed_ || archive_write_header(archive_.get(), entry.get()) != ARCHIVE_OK ||
              archive_write_data(archive_.get(), content.data(), content.size()) < 0;
  }

  std::string text_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  bool failed_ = false;
};

/// Of `path`, without the root; a set sorts every parent before what is in it.
void add_parents(std::set<std::string>& directories, const std::string& path) {
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    directories.insert(path.substr(0, at));
  }
}

std::set<std::string> directories_of(const support::HostRoot& root,
                                     const std::vector<support::MadeFile>& made) {
  std::set<std::string> directories = {"/.paddock", "/dev", "/etc", "/proc", "/sys"};
  for (const auto& [source, target] : root.binds) {
    add_parents(directories, target);
    directories.insert(target);
  }
  for (const auto& [text, path] : root.links) {
    add_parents(directories, path);
  }
  for (const std::string& path : root.copies) {
    add_parents(directories, path);
  }
  for (const support::MadeFile& file : made) {
    add_parents(directories, file.target);
  }
  return directories;
}

std::string hex_digest(const std::string& bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

}  // namespace

Result<HostImage> make_host_image(const contract::Plan& plan, const support::HostRoot& root) {
  const auto made = support::made_files(plan);
  Tar tar;
  for (const std::string& directory : directories_of(root, made)) {
    tar.add_directory(directory);
  }
  for (const auto& [text, path] : root.links) {
    tar.add_link(path, text);
  }
  for (const std::string& path : root.copies) {
    if (const auto content = support::read_small_file(path)) {
      tar.add_file(path, *content);
    }
  }
  for (const support::MadeFile& file : made) {
    tar.add_file(file.target, file.content);
  }
  auto bytes = tar.take();
  if (!bytes) {
    return fail_as(bytes);
  }
  const std::string digest = hex_digest(*bytes).substr(0, kReferenceDigits);
  return HostImage{"localhost/paddock/host-root-" + digest + ":latest", std::move(*bytes)};
}

Result<void> ensure_image(Engine& engine, const HostImage& image) {
  const auto there = engine.has_image(image.reference);
  if (!there) {
    return fail_as(there);
  }
  return *there ? Result<void>{} : engine.import_image(image.reference, image.tar);
}

}  // namespace paddock::engine
