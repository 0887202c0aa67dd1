#include "base/image_reference.hpp"

#include "base/render.hpp"
#include "support/catch.hpp"

using namespace paddock;

namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

std::string whole(std::string_view text) {
  const auto reference = image::parse_reference(text);
  return reference ? reference->text() : "no";
}

}  // namespace

TEST_CASE("image reference: one spelling for every engine") {
  CHECK(whole("debian") == "docker.io/library/debian:latest");
  CHECK(whole("debian:13") == "docker.io/library/debian:13");
  CHECK(whole("team/tools:1.0-rc_2") == "docker.io/team/tools:1.0-rc_2");
  CHECK(whole("localhost/mine:1") == "localhost/mine:1");
  CHECK(whole("registry.example:5000/a/b/c:X") == "registry.example:5000/a/b/c:X");
  CHECK(whole("debian@" + kDigest) == "docker.io/library/debian@" + kDigest);
  CHECK(whole("debian:13@" + kDigest) == "docker.io/library/debian@" + kDigest);
  CHECK(image::parse_reference("debian:13@" + kDigest)->tagged() == "docker.io/library/debian:13");
  CHECK(image::parse_reference("localhost/a")->is_local());
  CHECK_FALSE(image::parse_reference("localhost:5000/a")->is_local());
}

TEST_CASE("image reference: what no engine may be asked for") {
  for (const std::string text : {"",
                                 ":",
                                 "@",
                                 "a:",
                                 "A",
                                 "a/B",
                                 "/a",
                                 "a/",
                                 "a//b",
                                 "a b",
                                 "a\n",
                                 "../a",
                                 "a/../b",
                                 "-a",
                                 "a:-t",
                                 "a:t:u",
                                 "a@sha256:12",
                                 "a@sha256:",
                                 "a@md5:1",
                                 "http://a/b",
                                 "a?x=1",
                                 "a%2fb",
                                 "registry.example:port/a",
                                 "localhost/",
                                 "a:t/",
                                 ".a",
                                 "a."}) {
    CAPTURE(text);
    CHECK(whole(text) == "no");
  }
  CHECK(whole(std::string(300, 'a')) == "no");
}

TEST_CASE("image reference: the error says how names look", "[error]") {
  CHECK(render(image::parse_reference("Debian").error()) ==
        "paddock: error[P0117]: 'Debian' is not the name of an image\n"
        "  hint: names look like debian:13, localhost/mine:1 or "
        "registry.example/team/image@sha256:...; in small letters\n");
}

TEST_CASE("image reference: digests and platforms") {
  CHECK(image::is_digest(kDigest));
  CHECK_FALSE(image::is_digest("sha256:" + std::string(64, 'A')));
  CHECK_FALSE(image::is_digest(kDigest + "a"));
  CHECK(image::is_platform("linux/amd64"));
  CHECK(image::is_platform("linux/arm64/v8"));
  CHECK_FALSE(image::is_platform("linux"));
  CHECK_FALSE(image::is_platform("linux/"));
  CHECK_FALSE(image::is_platform("linux/a/b/c"));
}
