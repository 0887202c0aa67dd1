// The READMEs of the plugins agree with what the plugins say.
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "rig.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::test;

namespace {

contract::Plan plan_with_everything() {
  contract::Plan plan = strict_plan();
  plan.resources = {64 << 20, 500, 20, 64 << 20, {}};
  plan.security.rlimits = {{"nofile", 100}};
  plan.mounts["/workspace"].source = "/usr/share/doc";
  plan.mounts["/writable"].source = "/usr/share/doc";
  plan.mounts["/writable"].read_only = false;
  plan.mounts["/data"] = plan.mounts["/writable"];
  plan.mounts["/data"].executable = false;
  plan.mounts["/sizeless"].type = contract::MountType::kTmpfs;
  for (const std::string target : {"/volume", "/read"}) {
    plan.mounts[target].type = contract::MountType::kVolume;
    plan.mounts[target].volume = "cache";
  }
  plan.mounts["/volume"].read_only = false;
  return plan;
}

/// Mechanisms of the backend's answers that its README does not have; empty: none.
std::string missing(const std::string& id, const contract::Plan& plan) {
  const std::string readme = read_text(PADDOCK_SOURCE_DIR "/plugins/backends/" + id + "/README.md");
  LoadedPlugin backend(id);
  const auto reply = backend.call<contract::PrepareReply>(
      "prepare", contract::PrepareRequest{plan, new_instance(), "/nonexistent"});
  if (!reply || reply->answers.empty()) {
    return "no answer";
  }
  std::string text;
  for (const contract::Answer& answer : reply->answers) {
    // A normal user's CPU limit is one that is not enforced.
    if (answer.status != contract::AnswerStatus::kNotEnforced &&
        !contains(readme, "| " + answer.mechanism + " |")) {
      text += answer.path + ": " + answer.mechanism + "\n";
    }
  }
  return text;
}

/// The same, and as an ordinary user where we are root. Docker is root's alone.
void compare(const std::string& id, const contract::Plan& plan) {
  CHECK(missing(id, plan) == "");
  if (::geteuid() == 0 && id != "docker") {
    CHECK(as_user(12345, [&] { return missing(id, plan); }) == "");
  }
}

}  // namespace

TEST_CASE("backend READMEs: their tables hold every mechanism", "[docs]") {
  for (const std::string id : {"bubblewrap", "docker", "podman"}) {
    CAPTURE(id);
    if (!std::filesystem::exists(PADDOCK_BUILD_DIR "/lib/paddock/plugins/" + id)) {
      continue;  // a library that it needs is missing here
    }
    compare(id, plan_with_everything());
    contract::Plan keeping = plan_with_everything();
    keeping.security.capabilities = {"CAP_NET_RAW"};
    compare(id, keeping);
    contract::Plan image = plan_with_everything();
    image.rootfs.type = contract::RootfsType::kImage;
    image.rootfs.image = "localhost/mine:1";
    image.rootfs.digest = image.rootfs.image_id = "sha256:" + std::string(64, 'a');
    image.rootfs.platform = "linux/amd64";
    compare(id, image);
    for (const auto egress : {contract::Egress::kNone, contract::Egress::kUnrestricted}) {
      contract::Plan connected = plan_with_everything();
      connected.network.mode = contract::NetworkMode::kIsolated;
      connected.network.egress = egress;
      connected.network.publish["127.0.0.1:80/tcp"] = {"127.0.0.1", 80, 80};
      compare(id, connected);
    }
  }
}

TEST_CASE("baseline README: its table holds every option", "[baseline][docs]") {
  const std::string readme = read_text(PADDOCK_SOURCE_DIR "/plugins/hardeners/baseline/README.md");
  std::istringstream lines(
      read_text(PADDOCK_SOURCE_DIR "/plugins/hardeners/baseline/manifest.toml"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("key = \"")) {
      CHECK(contains(readme, "| `" + line.substr(7, line.size() - 8) + "` |"));
    }
  }
}
