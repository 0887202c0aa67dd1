// A mount's source is opened without a link, and known by device and inode.
#include "paddock/contract/mount_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "paddock/contract/codec.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock::contract;
namespace fs = std::filesystem;

namespace {

/// The identity of what opens at `path`, or the errno.
struct Opened {
  explicit Opened(const fs::path& path) {
    const int fd = open_mount_source(path.string());
    error = fd < 0 ? errno : 0;
    if (fd >= 0) {
      closes_on_exec = (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
      identity = identity_of(fd);
      ::close(fd);
    }
  }
  int error = 0;
  bool closes_on_exec = false;
  std::optional<FileIdentity> identity;
};

}  // namespace

TEST_CASE("mount source: folder and file are known by device and inode") {
  const paddock::test::TempDir dir;
  const fs::path root = fs::canonical(dir.path());
  paddock::test::write_text(root / "folder/file", "x");
  for (const fs::path& path : {root / "folder", root / "folder/file"}) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    const Opened opened(path);
    REQUIRE(opened.identity.has_value());
    CHECK(opened.identity == FileIdentity{status.st_dev, status.st_ino});
    CHECK(opened.closes_on_exec);
  }
  CHECK(Opened(root / "folder").identity != Opened(root / "folder/file").identity);
}

TEST_CASE("mount source: no link is followed, last part or not") {
  const paddock::test::TempDir dir;
  const fs::path root = fs::canonical(dir.path());
  paddock::test::write_text(root / "folder/inner/file", "x");
  fs::create_symlink("folder", root / "link");
  CHECK(Opened(root / "link").error == ELOOP);
  CHECK(Opened(root / "link/inner").error == ELOOP);
  CHECK(Opened("/proc/self/cwd").error == ELOOP);
  CHECK(Opened(root / "folder/inner").error == 0);
  CHECK(Opened(root / "gone").error == ENOENT);
  CHECK_FALSE(identity_of(-1).has_value());
}

TEST_CASE("mount source: a mount without identity has none in JSON") {
  Mount mount;
  CHECK(encode(mount).find("identity") == std::string::npos);
  mount.identity = FileIdentity{1, 2};
  CHECK(encode(mount).find(R"("identity":{"device":1,"inode":2})") != std::string::npos);
  CHECK(decode<Mount>(encode(mount))->identity == FileIdentity{1, 2});
}
