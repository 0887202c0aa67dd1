// Images in the engines' backend, as far as no engine is needed.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <map>

#include "paddock/contract/codec.hpp"
#include "support/catch.hpp"
#include "support/engine/image/images.hpp"
#include "support/engine/image/root_image.hpp"
#include "support/engine/image/stream.hpp"
#include "support/engine/image/tar_source.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::engine;

namespace {

/// A pipe that nobody reads before the end.
class Pipe {
 public:
  Pipe() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) == 0); }
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int writer() const { return ends_[1]; }

  std::vector<contract::ImageProgress> read_all() const {
    std::string text(1 << 20, '\0');
    const ssize_t count = ::read(ends_[0], text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    std::vector<contract::ImageProgress> list;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      REQUIRE(end != std::string::npos);
      list.push_back(contract::decode<contract::ImageProgress>(text.substr(0, end)).value());
      text.erase(0, end + 1);
    }
    return list;
  }

 private:
  std::array<int, 2> ends_{};
};

std::string refusal(std::string_view line) {
  ProgressWriter nobody(-1);
  const auto taken = ImageStream("pull image 'a'", nobody).take(line);
  return taken ? "taken" : taken.error().what;
}

/// Names in an archive, with content or link.
std::map<std::string, std::string> unpacked(const std::string& bytes) {
  std::map<std::string, std::string> found;
  const std::unique_ptr<archive, int (*)(archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(in.get());
  REQUIRE(archive_read_open_memory(in.get(), bytes.data(), bytes.size()) == ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in.get(), &entry) == ARCHIVE_OK) {
    std::string content(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    archive_read_data(in.get(), content.data(), content.size());
    const char* const hard = archive_entry_hardlink(entry);
    const char* const soft = archive_entry_symlink(entry);
    found[archive_entry_pathname(entry)] = hard   ? "= " + std::string(hard)
                                           : soft ? "-> " + std::string(soft)
                                                  : content;
  }
  return found;
}

}  // namespace

TEST_CASE("engine: IMG-05 progress is one line each, and waits for nobody", "[engine][image]") {
  const Pipe pipe;
  ProgressWriter progress(pipe.writer());
  ImageStream stream("pull image 'a'", progress);
  for (const char* line :
       {R"({"status":"Pulling from a","id":"1"})",
        R"({"status":"Downloading","progressDetail":{"current":1,"total":9},"id":"abc"})",
        R"({"status":"Download complete","progressDetail":{},"id":"abc"})",
        R"({"stream":"Step 1/2 : FROM a\n"})", R"({"stream":" ---> Running in 0\n"})",
        R"({"stream":"\n"})", R"({"aux":{"ID":"sha256:1"}})"}) {
    REQUIRE(stream.take(line));
  }
  const auto told = pipe.read_all();
  REQUIRE(told.size() == 5);
  CHECK(told[0].phase == "pulling");
  CHECK(told[1].phase == "downloading");
  CHECK(told[1].part == "abc");
  CHECK(told[1].done_bytes == 1);
  CHECK(told[1].total_bytes == 9);
  CHECK(told[2].phase == "done");
  CHECK(told[3].phase == "step");
  CHECK(told[3].text == "Step 1/2 : FROM a");
  CHECK(told[4].phase == "output");
  // A pipe that is full takes no more, and nobody waits.
  for (int i = 0; i < 100000; ++i) {
    progress.tell({"output", "", 0, 0, std::string(300, 'x')});
  }
  for (const auto& one : pipe.read_all()) {
    CHECK(one.text.size() == 300);
  }
}

TEST_CASE("engine: what a stream tells of a failure, and what makes no sense", "[engine][image]") {
  CHECK(refusal(R"({"status":"fine"})") == "taken");
  CHECK(refusal(R"({"error":"no such\nthing","errorDetail":{}})") ==
        "the engine cannot pull image 'a': no such");
  CHECK(refusal(R"({"error":1})") == "the engine cannot pull image 'a': it gives no reason");
  for (const char* line : {"", "[]", "{", "1", R"({"status":)", "<html>"}) {
    CAPTURE(line);
    CHECK(refusal(line) == "the engine's answer makes no sense: pull image 'a'");
  }
  const std::string end = "returned a non-zero code: 7";
  const std::string told = refusal("{\"error\":\"" + std::string(5000, 'x') + end + "\"}");
  CHECK(told.size() < 500);
  CHECK(told.ends_with(end));
  CHECK(refusal(R"({"status":3,"id":[],"progressDetail":"x"})") == "taken");
}

TEST_CASE("engine: an id is one in whole, or none", "[engine][image]") {
  const std::string digits(64, 'a');
  CHECK(whole_id(digits) == "sha256:" + digits);
  CHECK(whole_id("sha256:" + digits) == "sha256:" + digits);
  CHECK(whole_id("sha256:" + digits.substr(1)).empty());
  CHECK(whole_id("").empty());
  CHECK(whole_id("../" + digits.substr(3)).empty());
}

TEST_CASE("engine: an image's volumes are covered where nothing of the sandbox's lies",
          "[engine][image]") {
  contract::Plan plan;
  plan.mounts["/home/sandbox"] = {};
  plan.mounts["/workspace"] = {};
  CHECK(volumes_to_cover({"/data", "/var/lib/x/", "/workspace"}, plan).value() ==
        std::vector<std::string>{"/data", "/var/lib/x"});
  for (const std::string place :
       {"/", "/home", "/proc", "/proc/sys", "/dev/shm", "/sys/fs", "/.paddock", "/.paddock/gate",
        "data", "", "/x/../home", "/x/../../proc"}) {
    CAPTURE(place);
    const auto places = volumes_to_cover({place}, plan);
    REQUIRE_FALSE(places);
    CHECK(places.error().code == ErrorCode::kImage);
  }
}

TEST_CASE("engine: a folder is sent as an archive, piece by piece", "[engine][image]") {
  const test::TempDir dir;
  const std::string large(300000, 'z');
  test::write_text(dir / "in/sub/large", large);
  test::write_text(dir / "in/small", "text");
  std::filesystem::create_symlink("/etc/passwd", dir / "in/link");
  std::filesystem::create_hard_link(dir / "in/small", dir / "in/twin");
  REQUIRE(::mkfifo((dir / "in/pipe").c_str(), 0600) == 0);
  auto tar = TarSource::open(dir / "in/");
  REQUIRE(tar);
  tar->append("more", "added");
  std::string bytes;
  for (std::string piece = tar->next().value(); !piece.empty(); piece = tar->next().value()) {
    CHECK(piece.size() < (256 << 10));
    bytes += piece;
  }
  auto found = unpacked(bytes);
  CHECK(found["sub/large"] == large);
  CHECK(found["link"] == "-> /etc/passwd");
  CHECK(found["more"] == "added");
  CHECK((found["small"] == "text" || found["twin"] == "text"));
  CHECK((found["small"].starts_with("= ") || found["twin"].starts_with("= ")));
  CHECK(found.count("pipe") == 1);
  CHECK(TarSource::open("/").error().what == "'/' is this machine's own root");
  CHECK_FALSE(TarSource::open(dir / "absent"));
}

TEST_CASE("engine: what a context ignores, by the patterns that others know", "[engine][image]") {
  const IgnoreList list(
      "# secrets\n.env\n*.pem\n/build/\n**/cache\ndocs/**\n!docs/kept.md\n  spaced  \n\n[ab]?.c\n"
      "src/*.o\n");
  for (const std::string path : {".env", "key.pem", "build", "build/x/y", "cache", "a/cache",
                                 "a/b/cache/file", "docs/a", "spaced", "a1.c", "src/x.o"}) {
    CAPTURE(path);
    CHECK(list.excludes(path));
  }
  for (const std::string path : {"# secrets", "sub/.env", "sub/key.pem", "builder", "caches",
                                 "docs/kept.md", "c1.c", "src/x/y.o", "src"}) {
    CAPTURE(path);
    CHECK_FALSE(list.excludes(path));
  }
  CHECK_FALSE(list.excludes_all_of("docs"));
  IgnoreList all("**\n");
  CHECK_FALSE(all.excludes_all_of(""));
  CHECK(all.excludes_all_of("sub"));
  all.keep("sub/Containerfile");
  CHECK_FALSE(all.excludes_all_of("sub"));
  CHECK_FALSE(all.excludes("sub/Containerfile"));
  CHECK(all.excludes("sub/other"));
  CHECK_FALSE(IgnoreList().excludes("anything"));
}

TEST_CASE("engine: what is ignored is not sent", "[engine][image]") {
  const test::TempDir dir;
  const std::string context = dir / "in";
  test::write_text(context + "/.dockerignore", "*\n!src\nsrc/secret\n");
  test::write_text(context + "/src/main.c", "main");
  test::write_text(context + "/src/secret", "secret");
  test::write_text(context + "/other/file", "other");
  const auto sent = [&] {
    auto tar = TarSource::open(context, IgnoreList::of(context).value());
    REQUIRE(tar);
    std::string bytes;
    for (std::string piece = tar->next().value(); !piece.empty(); piece = tar->next().value()) {
      bytes += piece;
    }
    std::string names;
    for (const auto& [name, content] : unpacked(bytes)) {
      names += name + " ";
    }
    return names;
  };
  CHECK(sent() == ".dockerignore src/ src/main.c ");
  test::write_text(context + "/.containerignore", "src\n*.c*\n");  // comes first
  CHECK(sent() == ".containerignore .dockerignore other/ other/file ");
  std::filesystem::remove(context + "/.containerignore");
  std::filesystem::create_directory(context + "/.containerignore");
  const auto refused = IgnoreList::of(context);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "cannot read '" + context + "/.containerignore': Is a directory");
}
