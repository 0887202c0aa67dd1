// Descriptors inside requests: found, sent to a child and renumbered there.
#include "plugin/gate_descriptors.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "host/plugin/broken_plugin.hpp"
#include "paddock/contract/codec.hpp"
#include "support/catch.hpp"

using namespace paddock;  // NOLINT(google-build-using-namespace)

namespace {

std::string request() {
  contract::CreateRequest create;
  create.gate.channel = 7;
  create.gate.stdout_fd = 9;
  return contract::encode(create);
}

}  // namespace

TEST_CASE("gate descriptors: those that are there, in order", "[plugin]") {
  CHECK(plugin::gate_descriptors("create", request()).value() == std::vector<int>{7, 9});
  CHECK(plugin::gate_descriptors("adjust", request()).value().empty());
  CHECK_FALSE(plugin::gate_descriptors("create", "{"));
}

TEST_CASE("gate descriptors: new numbers take the old ones' places", "[plugin]") {
  const auto changed = plugin::renumber_gate("create", request(), {20, 21});
  REQUIRE(changed);
  const auto gate = contract::decode<contract::CreateRequest>(*changed)->gate;
  CHECK(gate.channel == 20);
  CHECK(gate.stdin_fd == -1);
  CHECK(gate.stdout_fd == 21);
  CHECK_FALSE(plugin::renumber_gate("create", request(), {20}));
}

TEST_CASE("gate descriptors: the one for the progress of an image", "[plugin]") {
  contract::ImagePullRequest pull{"a:1", "", 6};
  const std::string request = contract::encode(pull);
  CHECK(plugin::gate_descriptors("image-pull", request).value() == std::vector<int>{6});
  const auto changed = plugin::renumber_gate("image-pull", request, {20});
  REQUIRE(changed);
  CHECK(contract::decode<contract::ImagePullRequest>(*changed)->progress_fd == 20);
  pull.progress_fd = -1;
  CHECK(plugin::gate_descriptors("image-pull", contract::encode(pull)).value().empty());
  CHECK_FALSE(plugin::renumber_gate("images", "{}", {20}));
}
