#include "image/records.hpp"

#include <sys/stat.h>

#include "base/render.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;

namespace {

const image::Record kPulled{"docker", "docker.io/library/a:1", "pulled", "sha256:1",
                            "2026-01-01T00:00:00Z"};

}  // namespace

TEST_CASE("image records: what is put is found, replaced and dropped", "[image]") {
  const test::TempDir dir;
  const image::Records records(dir / "state");
  CHECK(records.load()->empty());
  CHECK_FALSE(records.find("docker", kPulled.reference)->has_value());
  REQUIRE(records.put(kPulled));
  image::Record other = kPulled;
  other.backend = "podman";
  REQUIRE(records.put(other));
  CHECK(records.load()->size() == 2);
  image::Record again = kPulled;
  again.id = "sha256:2";
  REQUIRE(records.put(again));
  CHECK(records.load()->size() == 2);
  CHECK(records.find("docker", kPulled.reference)->value().id == "sha256:2");
  REQUIRE(records.drop("docker", kPulled.reference));
  REQUIRE(records.drop("docker", kPulled.reference));
  CHECK_FALSE(records.find("docker", kPulled.reference)->has_value());
  CHECK(records.find("podman", kPulled.reference)->has_value());
}

TEST_CASE("image records: a damaged file gives no image away", "[image][error]") {
  const test::TempDir dir;
  const image::Records records(dir / "state");
  REQUIRE(records.put(kPulled));
  const std::string file = dir / "state/images.json";
  for (const std::string text :
       {"", "{", "[]", R"({"schema":"paddock.images/2","images":[]})",
        R"({"schema":"paddock.images/1","images":[{"backend":"docker"}]})"}) {
    test::write_text(file, text);
    const auto loaded = records.load();
    REQUIRE_FALSE(loaded);
    CHECK(render(loaded.error()) ==
          "paddock: error[P0604]: '" + file +
              "' is damaged\n  hint: remove it: paddock then takes no image for its own\n");
    CHECK_FALSE(records.drop("docker", kPulled.reference));
  }
}

TEST_CASE("image records: what others may write is not believed", "[image]") {
  const test::TempDir dir;
  const image::Records records(dir / "state");
  REQUIRE(records.put(kPulled));
  REQUIRE(::chmod((dir / "state").c_str(), 0777) == 0);
  CHECK_FALSE(records.load());
}
