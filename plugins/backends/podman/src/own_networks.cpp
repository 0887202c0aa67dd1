#include "own_networks.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "programs.hpp"
#include "support/engine/owner.hpp"

namespace paddock::podman {
namespace {

using contract::ProtectionSupport;

constexpr const char* kTunnel = "/dev/net/tun";
// Where Podman looks before PATH: helper_binaries_dir, containers.conf(5).
constexpr const char* kHelpers =
    "/usr/local/libexec/podman:/usr/local/lib/podman:/usr/libexec/podman:/usr/lib/podman";
constexpr std::array<std::string_view, 4> kProtections = {
    "network.isolated", "egress.none", "egress.unrestricted", "network.published"};

std::optional<engine::Obstacle> obstacle() {
  if (!finds_program("slirp4netns", kHelpers) && !finds_program("pasta", kHelpers)) {
    return engine::Obstacle{"an ordinary user's network takes the program 'slirp4netns' or 'pasta'",
                            "install the package 'slirp4netns', or 'passt'"};
  }
  if (::access(kTunnel, R_OK | W_OK) != 0) {
    return engine::Obstacle{
        "an ordinary user's network takes '/dev/net/tun', which this user cannot open",
        "as root: modprobe tun; chmod 0666 /dev/net/tun"};
  }
  return std::nullopt;
}

}  // namespace

void withhold_networks(contract::ProbeReply& reply) {
  const auto found = obstacle();
  if (!found) {
    return;
  }
  for (ProtectionSupport& support : reply.protections) {
    if (std::find(kProtections.begin(), kProtections.end(), support.protection) !=
        kProtections.end()) {
      support = {support.protection, false, "", found->reason, found->remedy};
    }
  }
}

}  // namespace paddock::podman
