#include "os/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "os/stage_folder.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test
using test::read_text;
using test::TempDir;
using test::write_text;

namespace {

os::UniqueFd open_folder(const TempDir& dir) {
  return os::UniqueFd(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::size_t count(const TempDir& dir) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(dir.path()),
                                                std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("new file: nothing is there before it is published, and nothing when it is not", "[os]") {
  const TempDir dir;
  const auto folder = open_folder(dir);
  {
    auto file = os::NewFile::create(folder.get(), "name");
    REQUIRE(file);
    CHECK(::write(file->fd(), "text", 4) == 4);
    CHECK_FALSE(std::filesystem::exists(dir / "name"));
  }
  CHECK(count(dir) == 0);
  auto file = os::NewFile::create(folder.get(), "name");
  REQUIRE(file);
  CHECK(::write(file->fd(), "text", 4) == 4);
  REQUIRE(file->publish(false));
  CHECK(read_text(dir / "name") == "text");
  CHECK(count(dir) == 1);
}

TEST_CASE("new file: what is there is replaced only when asked for", "[os]") {
  const TempDir dir;
  const auto folder = open_folder(dir);
  write_text(dir / "name", "old");
  auto refused = os::NewFile::create(folder.get(), "name");
  REQUIRE(refused);
  CHECK(refused->publish(false).error().what == "'name' is there");
  CHECK(read_text(dir / "name") == "old");
  auto replaced = os::NewFile::create(folder.get(), "name");
  REQUIRE(replaced);
  CHECK(replaced->publish(true));
  CHECK(read_text(dir / "name").empty());
  std::filesystem::create_directory(dir / "folder");
  auto onto = os::NewFile::create(folder.get(), "folder");
  REQUIRE(onto);
  CHECK(onto->publish(true).error().what == "cannot write 'folder': Is a directory");
}

TEST_CASE("new file: holes stay holes, and no more than was asked for is copied", "[os]") {
  const TempDir dir;
  const os::UniqueFd from(::open((dir / "from").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  constexpr off_t kFar = off_t{1} << 40;
  REQUIRE(::pwrite(from.get(), "start", 5, 0) == 5);
  REQUIRE(::pwrite(from.get(), "end", 3, kFar) == 3);
  const os::UniqueFd to(::open((dir / "to").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(os::copy_content(from.get(), to.get(), kFar + 3));
  struct stat status {};
  REQUIRE(::fstat(to.get(), &status) == 0);
  CHECK(status.st_size == kFar + 3);
  CHECK(status.st_blocks < 10000);
  std::string end(3, ' ');
  CHECK(::pread(to.get(), end.data(), 3, kFar) == 3);
  CHECK(end == "end");
  const os::UniqueFd part(::open((dir / "part").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(os::copy_content(from.get(), part.get(), 3));
  CHECK(read_text(dir / "part") == "sta");
}

TEST_CASE("stage folder: goes away with all that is in it, links not followed", "[os]") {
  const TempDir dir, outside;
  write_text(outside / "mine", "x");
  const auto folder = open_folder(dir);
  {
    const auto stage = os::StageFolder::create(folder.get());
    REQUIRE(stage);
    REQUIRE(::mkdirat(stage->fd(), "inner", 0700) == 0);
    REQUIRE(::symlinkat(outside.path().c_str(), stage->fd(), "inner/out") == 0);
    CHECK(count(dir) == 1);
  }
  CHECK(count(dir) == 0);
  CHECK(read_text(outside / "mine") == "x");
}
