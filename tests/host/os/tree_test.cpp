// Walking through trees that somebody made to harm who walks.
#include "os/tree.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "os/beneath.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace): the unit under test
using test::TempDir;
using test::write_text;

namespace {

class Collector final : public os::TreeVisitor {
 public:
  bool see(int, const os::TreeEntry& entry) override {
    paths.push_back(entry.path + " " + os::type_word(entry.mode));
    return true;
  }
  void leave(const os::TreeEntry& folder) override { left.push_back(folder.path); }
  std::vector<std::string> paths, left;
};

os::UniqueFd open_root(const TempDir& dir) {
  return os::UniqueFd(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

TEST_CASE("tree: everything is seen once, sorted in its folder, and no link is followed", "[os]") {
  const TempDir dir, outside;
  write_text(outside / "secret", "x");
  write_text(dir / "b/inner", "x");
  write_text(dir / "a.txt", "x");
  REQUIRE(::symlink(outside.path().c_str(), (dir / "way-out").c_str()) == 0);
  REQUIRE(::mkfifo((dir / "c").c_str(), 0600) == 0);
  Collector found;
  CHECK(os::walk_tree(open_root(dir).get(), found).empty());
  CHECK(found.paths == std::vector<std::string>{"a.txt file", "b folder", "b/inner file", "c fifo",
                                                "way-out link"});
  CHECK(found.left == std::vector<std::string>{"b"});
}

TEST_CASE("tree: depth and number are bounded, and what was left out is said", "[os]") {
  const TempDir dir;
  write_text(dir / "1/2/3/4/5/deep", "x");
  Collector found;
  const auto unseen = os::walk_tree(open_root(dir).get(), found, {3, 1000});
  REQUIRE(unseen.size() == 1);
  CHECK(unseen[0].path == "1/2/3");
  CHECK(unseen[0].why == "folders lie deeper than 3");
  CHECK(found.left == std::vector<std::string>{"1/2/3", "1/2", "1"});
  for (int i = 0; i < 20; ++i) {
    write_text(dir / ("many/" + std::to_string(i)), "");
  }
  Collector few;
  const auto more = os::walk_tree(open_root(dir).get(), few, {256, 10});
  REQUIRE_FALSE(more.empty());
  CHECK(more.back().why == "more than 10 files and folders");
  CHECK(few.paths.size() == 10);
}

TEST_CASE("tree: deep chains of folders neither overflow nor leak descriptors", "[os]") {
  const TempDir dir;
  int at = ::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; i < 3000; ++i) {
    REQUIRE(::mkdirat(at, "d", 0700) == 0);
    const int next = ::openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::close(at);
    at = next;
  }
  ::close(at);
  Collector found;
  const auto unseen = os::walk_tree(open_root(dir).get(), found);
  CHECK(found.paths.size() == 256);
  CHECK(unseen.size() == 1);
  CHECK(::system(("rm -rf '" + dir.path().string() + "/d'").c_str()) == 0);  // deeper than PATH_MAX
}

TEST_CASE("tree: names that are not UTF-8, and the longest, come as they are", "[os]") {
  const TempDir dir;
  const std::string bytes = "\xff\xfe\x01\n";
  const std::string longest(255, '\xe9');
  write_text(dir / bytes, "");
  write_text(dir / longest, "");
  Collector found;
  CHECK(os::walk_tree(open_root(dir).get(), found).empty());
  CHECK(found.paths == std::vector<std::string>{longest + " file", bytes + " file"});
}

TEST_CASE("tree: a folder that cannot be read is said", "[os]") {
  if (::geteuid() == 0) {
    PADDOCK_SKIP("root reads everything");
  }
  const TempDir dir;
  write_text(dir / "closed/x", "");
  REQUIRE(::chmod((dir / "closed").c_str(), 0) == 0);
  Collector found;
  const auto unseen = os::walk_tree(open_root(dir).get(), found);
  REQUIRE(::chmod((dir / "closed").c_str(), 0700) == 0);
  REQUIRE(unseen.size() == 1);
  CHECK(unseen[0].why == "Permission denied");
}

TEST_CASE("tree: what is mounted inside is not entered, not even a loop of the tree", "[os]") {
  if (::geteuid() != 0) {
    PADDOCK_SKIP("mounting takes root");
  }
  const TempDir dir;
  write_text(dir / "loop/x", "");
  if (::mount(dir.path().c_str(), (dir / "loop").c_str(), nullptr, MS_BIND, nullptr) != 0) {
    PADDOCK_SKIP("mounting is not allowed here");
  }
  Collector found;
  const auto unseen = os::walk_tree(open_root(dir).get(), found);
  ::umount2((dir / "loop").c_str(), MNT_DETACH);
  REQUIRE(unseen.size() == 1);
  CHECK(unseen[0].path == "loop");
  CHECK(unseen[0].why == "something is mounted there");
  CHECK(found.paths == std::vector<std::string>{"loop folder"});
}

TEST_CASE("tree: folders that are exchanged for links meanwhile lead nowhere", "[os]") {
  const TempDir dir, outside;
  write_text(outside / "secret", "x");
  write_text(dir / "real/inside", "x");
  REQUIRE(::symlink(outside.path().c_str(), (dir / "link").c_str()) == 0);
  std::atomic<bool> stop{false};
  std::thread renamer([&] {
    const std::string real = dir / "real", link = dir / "link";
    while (!stop) {
      ::renameat2(AT_FDCWD, real.c_str(), AT_FDCWD, link.c_str(), RENAME_EXCHANGE);
    }
  });
  for (int i = 0; i < 2000; ++i) {
    Collector found;
    os::walk_tree(open_root(dir).get(), found);
    CHECK(std::none_of(found.paths.begin(), found.paths.end(), [](const std::string& path) {
      return path.find("secret") != std::string::npos;
    }));
  }
  stop = true;
  renamer.join();
}

TEST_CASE("beneath: no way out by links, by dots or from the root", "[os]") {
  const TempDir dir;
  write_text(dir / "file", "x");
  REQUIRE(::symlink("file", (dir / "link").c_str()) == 0);
  const auto root = open_root(dir);
  CHECK(os::open_beneath(root.get(), "file", O_RDONLY));
  CHECK(os::open_beneath(root.get(), "file", O_PATH));
  CHECK_FALSE(os::open_beneath(root.get(), "link", O_RDONLY));
  CHECK(errno == ELOOP);
  CHECK_FALSE(os::open_beneath(root.get(), "../" + dir.path().filename().string(), O_RDONLY));
  CHECK(errno == EXDEV);
  CHECK_FALSE(os::open_beneath(root.get(), "/etc/passwd", O_RDONLY));
  CHECK_FALSE(os::open_without_links(dir / "link", O_RDONLY));
  for (const char* bad : {"", ".", "..", "a/b"}) {
    CHECK_FALSE(os::is_entry_name(bad));
  }
  CHECK(os::is_entry_name("-rf"));
}
