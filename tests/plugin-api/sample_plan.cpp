#include "sample_plan.hpp"

namespace paddock::test {

contract::Plan full_plan() {
  contract::Plan plan;
  plan.name = "box";
  plan.profile = "offline";
  plan.process.command = {"/bin/sh", "-c", "echo \"hi\"\n"};
  plan.process.cwd = "/work";
  plan.process.environment = {{"LANG", "C.UTF-8"}, {"PATH", "/usr/bin"}};
  plan.process.user = {1000, 100};
  plan.rootfs = {
      contract::RootfsType::kImage,     "localhost/mine:1", true,
      "sha256:" + std::string(64, 'a'), "linux/amd64",      "sha256:" + std::string(64, 'b')};
  plan.mounts["/tmp"] = {contract::MountType::kTmpfs, "", false, false, 1 << 20, "scratch"};
  plan.mounts["/work"] = {contract::MountType::kBind,
                          "/home/ü/p",
                          false,
                          true,
                          0,
                          "workspace",
                          contract::FileIdentity{66306, ~std::uint64_t{0}}};
  plan.network.egress = contract::Egress::kUnrestricted;
  plan.network.publish["127.0.0.1:8080/tcp"] = {"127.0.0.1", 8080, 80};
  plan.resources = {1ULL << 40, 1500, 64, 1 << 30, {"cpus"}};
  plan.security.no_new_privs = true;
  plan.security.capabilities = {"CAP_NET_RAW"};
  plan.security.masked_paths = {"/proc/kcore"};
  plan.security.read_only_paths = {"/proc/sys"};
  plan.security.hidden_paths = {"/root"};
  plan.security.rlimits = {{"core", 0}, {"nofile", 256}};
  return plan;
}

}  // namespace paddock::test
