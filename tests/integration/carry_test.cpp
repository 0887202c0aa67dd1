// paddock import, share and exports: files into a workspace and out of it, whatever is in it.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "integration/world.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"
#include "support/text_file.hpp"

using namespace paddock::test;

namespace {

namespace fs = std::filesystem;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A sandbox `box` that ran SCRIPT on the six folders of the profile `default`.
class Carrier {
 public:
  explicit Carrier(uid_t user = ::geteuid()) : world(user) {
    for (const char* name :
         {"Projects", "Documentation", "Research", "shared", "imports", "exports"}) {
      fs::create_directories(folder(name));
      ::lchown(folder(name).c_str(), user, user);
    }
    ::lchown((world.home() / "paddock").c_str(), user, user);
    world.write(world.project() / "note.txt", "hello\n");
  }
  fs::path folder(const std::string& name) const { return world.home() / "paddock" / name; }
  void ran(const std::string& script = "true") const {
    REQUIRE(world.run({"run", "--name", "box", "default", "--", "sh", "-c", script}).status == 0);
  }
  Started running(const std::string& script) const {
    Started box = world.start({"run", "--name", "box", "default", "--", "sh", "-c", script});
    REQUIRE(world.await_running("box"));
    return box;
  }
  World world;
};

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

}  // namespace

TEST_CASE("import: a file is there at once, to be read only, in the user's name", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const Carrier carrier(user);
    Started box = carrier.running("sleep 60");
    ::chmod((carrier.world.project() / "note.txt").c_str(), 04750);
    const Ran ran = carrier.world.run({"import", "box", "note.txt"});
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.out == "/workspace/imports/note.txt\n");
    CHECK(mode_of(carrier.folder("imports") / "note.txt") == 0750);
    const Ran inside = carrier.world.run(
        {"exec", "box", "--", "sh", "-c",
         "cat imports/note.txt; test -O imports/note.txt && echo own; echo x >imports/note.txt || "
         "rm imports/note.txt || touch imports/more"});
    CHECK(inside.out == "hello\nown\n");
    CHECK(holds(inside.err, "Read-only file system"));
    CHECK(inside.status != 0);
  }
}

TEST_CASE("share: a file that both may write", "[integration]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  Started box = carrier.running("sleep 60");
  ::chmod((carrier.world.project() / "note.txt").c_str(), 0444);
  CHECK(carrier.world.run({"share", "--json", "box", "note.txt"}).out ==
        "{\"files\":[\"/workspace/shared/note.txt\"],\"name\":\"box\","
        "\"schema\":\"paddock.share/1\"}\n");
  CHECK(
      carrier.world.run({"exec", "box", "--", "sh", "-c", "echo more >>shared/note.txt"}).status ==
      0);
  CHECK(read_text(carrier.folder("shared") / "note.txt") == "hello\nmore\n");
}

TEST_CASE("import: nothing is replaced without --force, and links there are not followed",
          "[integration]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  carrier.ran();
  const fs::path imports = carrier.folder("imports");
  carrier.world.write(imports / "note.txt", "old\n");
  const Ran taken = carrier.world.run({"import", "box", "note.txt"});
  CHECK(taken.status == 2);
  CHECK(taken.err ==
        "paddock: error[P0117]: 'note.txt' is there\n"
        "  hint: give it another name, or replace it with --force\n");
  CHECK(read_text(imports / "note.txt") == "old\n");
  fs::remove(imports / "note.txt");
  const fs::path outside = carrier.world.root() / "outside.txt";
  carrier.world.write(outside, "mine\n");
  fs::create_symlink(outside, imports / "note.txt");
  CHECK(carrier.world.run({"import", "box", "note.txt"}).status == 2);
  CHECK(carrier.world.run({"import", "--force", "box", "note.txt"}).status == 0);
  CHECK_FALSE(fs::is_symlink(imports / "note.txt"));
  CHECK(read_text(imports / "note.txt") == "hello\n");
  CHECK(read_text(outside) == "mine\n");
  CHECK(names_in(imports) == std::vector<std::string>{"note.txt"});
}

TEST_CASE("import: links, folders and devices are refused before anything is copied",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  carrier.ran();
  const fs::path project = carrier.world.project();
  fs::create_symlink("note.txt", project / "link");
  fs::create_directories(project / "real");
  carrier.world.write(project / "real/inner", "x");
  fs::create_symlink("real", project / "behind");
  REQUIRE(::mkfifo((project / "pipe").c_str(), 0666) == 0);
  const std::string link =
      ": it is a link or lies behind one\n"
      "  hint: name the file itself, as `realpath` prints it, once you know it\n";
  const std::vector<std::pair<std::string, std::string>> refusals{
      {"link", link},
      {"behind/inner", link},
      {"real", ": it is a folder\n  hint: name its files, or pack it with tar\n"},
      {"pipe", ": it is a fifo\n  hint: only files are carried\n"},
      {"/dev/null", ": it is a device\n  hint: only files are carried\n"}};
  for (const auto& [file, rest] : refusals) {
    const Ran ran = carrier.world.run({"import", "box", "note.txt", file});
    CHECK(ran.status == 2);
    CHECK(ran.err == "paddock: error[P0001]: cannot take '" + file + "'" + rest);
  }
  CHECK(carrier.world.run({"import", "box", "note.txt", "real/../note.txt"}).err ==
        "paddock: error[P0001]: two files are named 'note.txt'\n");
  CHECK(names_in(carrier.folder("imports")).empty());
}

TEST_CASE("import: a profile without the folder, or with it the wrong way, says what to add",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const World world;
  world.write(world.project() / "note.txt", "hello\n");
  REQUIRE(world.run({"run", "--name", "box", "quickstart", "true"}).status == 0);
  const Ran ran = world.run({"import", "box", "note.txt"});
  CHECK(ran.status == 2);
  CHECK(ran.err ==
        "paddock: error[P0116]: sandbox 'box' has no folder 'imports'\n"
        "  hint: add to its profile, under [workspace.folders]: imports = \"ro\"; the profile "
        "'default' has all of them\n");
  fs::create_directories(world.project() / "imports");
  world.profile("wrong", "extends = [\"quickstart\"]\n[workspace.folders]\nimports = \"rw\"\n");
  REQUIRE(world.run({"run", "--name", "odd", "wrong", "true"}).status == 0);
  CHECK(world.run({"import", "odd", "note.txt"}).err ==
        "paddock: error[P0114]: sandbox 'odd' has 'imports' as imports = \"rw\"\n"
        "  hint: its profile should say, under [workspace.folders]: imports = \"ro\"\n");
}

TEST_CASE("share: a workload that moves its folder about gets nothing out", "[integration]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  // What it can do to the folder from inside: names in it come and go, links appear.
  Started box = carrier.running(
      "cd shared; mkdir d; ln -s / l; while :; do mv d note.txt; mv note.txt d; "
      "ln -sf /etc/passwd note.txt; rm -f note.txt .paddock-*; done");
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(carrier.world.run({"share", "--force", "box", "note.txt"}));
  }
  box.kill(SIGTERM);
  CHECK(box.await_exit(std::chrono::seconds(20)));
  CHECK(holds(read_text("/etc/passwd"), "root:"));
  for (const std::string& name : names_in(carrier.folder("shared"))) {
    CHECK((name == "d" || name == "l" || name == "note.txt"));
  }
}

TEST_CASE("exports: listed and copied out, without what is not a file or folder", "[integration]") {
  NEEDS_SANDBOXES();
  for (const uid_t user : users()) {
    CAPTURE(user);
    const Carrier carrier(user);
    carrier.ran(
        "cd exports; mkdir -p a/b; echo 1 >a/b/file; echo 2 >tool; chmod 4755 tool; "
        "ln -s /etc/passwd link; ln -s / a/root; mkfifo pipe; truncate -s 1T sparse; "
        "touch \"$(printf 'x\\033[2J')\"");
    const Ran listed = carrier.world.run({"exports", "box"});
    CHECK(listed.status == 0);
    CHECK(holds(listed.out, "a/b/file"));
    CHECK(holds(listed.out, "link"));
    CHECK_FALSE(holds(listed.out, "\x1b"));
    const Ran copied = carrier.world.run({"exports", "box", "--to", "out"});
    CAPTURE(copied.err);
    CHECK(copied.status == 3);
    CHECK(holds(copied.err, "left out 'link': it is a link"));
    CHECK(holds(copied.err, "left out 'pipe': it is a fifo"));
    CHECK(holds(copied.err, "left out 'a/root': it is a link"));
    const fs::path out = carrier.world.project() / "out";
    CHECK(names_in(out) == std::vector<std::string>{"a", "sparse", "tool", "x\x1b[2J"});
    CHECK(names_in(out / "a") == std::vector<std::string>{"b"});
    CHECK(read_text(out / "a/b/file") == "1\n");
    CHECK(mode_of(out / "tool") == 0755);
    struct stat sparse {};
    REQUIRE(::stat((out / "sparse").c_str(), &sparse) == 0);
    CHECK(sparse.st_size == off_t{1} << 40);
    CHECK(sparse.st_blocks < 100);  // a hole still
    CHECK(sparse.st_uid == user);
  }
}

TEST_CASE("exports: nothing is touched that is there, but with --force", "[integration]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  carrier.ran("cd exports; mkdir a; echo new >a/file; echo new >z");
  const fs::path out = carrier.world.project() / "out";
  carrier.world.write(out / "a/mine", "mine\n");
  carrier.world.write(out / "a/file", "old\n");
  const Ran taken = carrier.world.run({"exports", "box", "--to", "out"});
  CHECK(taken.status == 2);
  CHECK(taken.err ==
        "paddock: error[P0117]: 'a' is there\n"
        "  hint: choose another folder, or replace it with --force\n");
  CHECK(names_in(out) == std::vector<std::string>{"a"});
  CHECK(carrier.world.run({"exports", "box", "--to", "out", "--force"}).status == 0);
  CHECK(read_text(out / "a/mine") == "mine\n");
  CHECK(read_text(out / "a/file") == "new\n");
  CHECK(names_in(out) == std::vector<std::string>{"a", "z"});
  // A link of the user's own is not followed either: what is behind it is not ours to fill.
  const fs::path elsewhere = carrier.world.root() / "elsewhere";
  fs::create_directories(elsewhere);
  fs::remove_all(out / "a");
  fs::create_symlink(elsewhere, out / "a");
  CHECK(carrier.world.run({"exports", "box", "--to", "out", "--force"}).status == 1);
  CHECK(names_in(elsewhere).empty());
}

TEST_CASE("exports: places that are more than a place for files are refused",
          "[integration][error]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  carrier.ran("touch exports/.profile");
  for (const fs::path& to : {carrier.world.home(), carrier.world.root(), fs::path("/")}) {
    const Ran ran = carrier.world.run({"exports", "box", "--to", to});
    CHECK(ran.status == 4);
    CHECK(ran.err == "paddock: error[P0133]: '" + to.string() +
                         "' is your home or holds it: what a sandbox names '.profile' would be run "
                         "there\n  hint: choose a folder of its own\n");
  }
  const fs::path inside = carrier.folder("exports") / "again";
  CHECK(carrier.world.run({"exports", "box", "--to", inside}).err ==
        "paddock: error[P0133]: '" + inside.string() +
            "' lies in the sandbox's workspace\n  hint: choose a folder outside of it\n");
  CHECK_FALSE(fs::exists(inside));
  CHECK(carrier.world.run({"exports", "box", "--force"}).err ==
        "paddock: error[P0001]: option '--force' goes with '--to' only\n");
}

TEST_CASE("exports: a full disk leaves what was there", "[integration]") {
  NEEDS_SANDBOXES();
  if (::geteuid() != 0) {
    PADDOCK_SKIP("mounting takes root");
  }
  const Carrier carrier;
  carrier.ran("cd exports; echo small >a; head -c 3000000 /dev/zero | tr '\\0' x >b");
  const fs::path out = carrier.world.project() / "out";
  fs::create_directories(out);
  if (::mount("tmpfs", out.c_str(), "tmpfs", 0, "size=1m") != 0) {
    PADDOCK_SKIP("mounting is not allowed here");
  }
  carrier.world.write(out / "mine", "mine\n");
  const Ran ran = carrier.world.run({"exports", "box", "--to", "out"});
  const auto names = names_in(out);
  ::umount2(out.c_str(), MNT_DETACH);
  CHECK(ran.status == 1);
  CHECK(holds(ran.err, "cannot copy: No space left on device"));
  CHECK(names == std::vector<std::string>{"mine"});
}

TEST_CASE("exports: a workload that exchanges files for links meanwhile gets nothing of ours",
          "[integration]") {
  NEEDS_SANDBOXES();
  const Carrier carrier;
  const fs::path secret = carrier.world.root() / "secret/file";
  carrier.world.write(secret, "secret\n");
  carrier.world.write(carrier.folder("exports") / "a/file", "open\n");
  const std::string folder = carrier.folder("exports") / "a", file = folder + "/file";
  const std::string to_folder = carrier.folder("exports") / "b", to_file = folder + "/link";
  fs::create_symlink(secret.parent_path(), to_folder);
  fs::create_symlink(secret, to_file);
  carrier.ran();
  std::atomic<bool> stop{false};
  std::thread renamer([&] {  // as the work could from inside, only faster
    while (!stop) {
      ::renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, to_folder.c_str(), RENAME_EXCHANGE);
      ::renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, to_file.c_str(), RENAME_EXCHANGE);
    }
  });
  for (int i = 0; i < 60; ++i) {
    const fs::path out = carrier.world.project() / "out";
    static_cast<void>(carrier.world.run({"exports", "box", "--to", out}));
    if (fs::exists(out)) {
      CHECK(carrier.world.outside("grep -rq secret '" + out.string() + "'").status == 1);
      fs::remove_all(out);
    }
  }
  stop = true;
  renamer.join();
}
