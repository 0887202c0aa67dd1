#include "os/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "os/lock.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test
namespace fs = std::filesystem;

TEST_CASE("file: a regular file within the limit is read whole", "[os]") {
  const test::TempDir dir;
  test::write_text(dir / "a", std::string(100'000, 'x'));
  CHECK(os::read_file(dir / "a")->size() == 100'000);
  CHECK(os::read_file(dir / "a", 100'000)->size() == 100'000);
  const auto over = os::read_file(dir / "a", 99'999);
  REQUIRE_FALSE(over);
  CHECK(over.error().what == "cannot read '" + (dir / "a").string() + "': larger than 99999 bytes");
}

TEST_CASE("file: FIFOs, devices and directories are refused at once", "[os][error]") {
  const test::TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  CHECK(os::read_file(dir / "fifo").error().what ==
        "cannot read '" + (dir / "fifo").string() + "': not a regular file");
  CHECK(os::read_file("/dev/zero").error().what == "cannot read '/dev/zero': not a regular file");
  CHECK(os::read_file("/tmp").error().what == "cannot read '/tmp': not a regular file");
  CHECK(os::read_file(dir / "none").error().what ==
        "cannot open '" + (dir / "none").string() + "': No such file or directory");
}

TEST_CASE("file: an atomic write leaves the new content, mode 0600 and nothing else", "[os]") {
  const test::TempDir dir;
  REQUIRE(os::write_atomic(dir / "state", "one"));
  REQUIRE(os::write_atomic(dir / "state", "two", false));
  CHECK(test::read_text(dir / "state") == "two");
  CHECK(*os::list_dir(dir.path()) == std::vector<std::string>{"state"});
  struct stat info {};
  REQUIRE(::stat((dir / "state").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("file: a failed atomic write keeps the old content", "[os][error]") {
  const test::TempDir dir;
  fs::create_directory(dir / "state");
  test::write_text(dir / "state/keep", "old");
  for (const bool durable : {true, false}) {
    const auto failed = os::write_atomic(dir / "state", "new", durable);  // it is a directory
    REQUIRE_FALSE(failed);
    CHECK(failed.error().what ==
          "cannot replace '" + (dir / "state").string() + "': Is a directory");
  }
  CHECK(*os::list_dir(dir.path()) == std::vector<std::string>{"state"});
}

TEST_CASE("file: private directories refuse links, files and other users' access", "[os][error]") {
  const test::TempDir dir;
  REQUIRE(os::make_private_dir(dir / "a/b"));
  REQUIRE(os::make_private_dir(dir / "a/b"));
  CHECK(fs::status(dir / "a").permissions() == fs::perms::owner_all);
  fs::create_symlink(dir / "a", dir / "link");
  CHECK_FALSE(os::make_private_dir(dir / "link"));
  fs::permissions(dir / "a/b", fs::perms::group_read, fs::perm_options::add);
  CHECK(os::make_private_dir(dir / "a/b").error().what ==
        "cannot use '" + (dir / "a/b").string() + "': other users may enter it");
}

TEST_CASE("lock: one holder at a time", "[os]") {
  const test::TempDir dir;
  {
    const auto held = os::FileLock::acquire(dir / "lock");
    REQUIRE(held);
    CHECK_FALSE(os::FileLock::try_acquire(dir / "lock")->has_value());
  }
  CHECK(os::FileLock::try_acquire(dir / "lock")->has_value());
}
