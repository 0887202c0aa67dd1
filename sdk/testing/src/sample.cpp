#include "sample.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/leaves.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/mount_source.hpp"
#include "paddock/contract/protections.hpp"

namespace paddock::testing {
namespace {

using contract::JsonType;
using contract::JsonValue;

// The place of `pointer` in `root`, made where it is missing.
JsonValue& make_place(JsonValue& root, std::string_view pointer) {
  JsonValue* value = &root;
  while (!pointer.empty()) {
    const std::size_t slash = pointer.find('/', 1);
    const std::string key = contract::unescape_pointer(pointer.substr(1, slash - 1));
    pointer = slash == std::string_view::npos ? std::string_view{} : pointer.substr(slash);
    value->type = JsonType::kObject;
    auto found = std::find_if(value->members.begin(), value->members.end(),
                              [&](const auto& member) { return member.key == key; });
    if (found == value->members.end()) {
      found = value->members.insert(found, {key, {}});
    }
    value = &found->value;
  }
  return *value;
}

// As the host pins it; a suite that cannot open its own folder leaves the bind unpinned, and hears
// so.
std::optional<contract::FileIdentity> pinned(const std::filesystem::path& folder) {
  const int fd = contract::open_mount_source(folder.string());
  const auto identity = contract::identity_of(fd);
  ::close(fd);
  return identity;
}

}  // namespace

ScratchDir::ScratchDir() {
  const auto base = std::filesystem::canonical(std::filesystem::temp_directory_path());
  std::string name = (base / "paddock-check-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::filesystem::filesystem_error("mkdtemp", name,
                                            std::error_code(errno, std::generic_category()));
  }
  path_ = name;
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

contract::Plan sample_plan(const std::filesystem::path& workspace) {
  contract::Plan plan;
  plan.name = "conformance";
  plan.profile = "conformance";
  plan.process.command = {"/bin/true"};
  plan.process.cwd = "/work";
  plan.process.environment = {{"HOME", "/tmp"}, {"PATH", "/usr/bin:/bin"}};
  plan.process.user = {1000, 1000};
  plan.rootfs.read_only = true;
  plan.mounts["/work"] = {
      contract::MountType::kBind, workspace.string(), false, true, 0, "workspace",
      pinned(workspace)};
  plan.mounts["/tmp"] = {contract::MountType::kTmpfs, "", false, true, 16U << 20, "scratch"};
  plan.security.no_new_privs = true;
  plan.security.masked_paths = {"/proc/kcore", "/proc/keys"};
  plan.security.read_only_paths = {"/proc/sys"};
  plan.security.hidden_paths = {"/root"};
  plan.security.rlimits = {{"nofile", 256}};
  return plan;
}

Result<void> check_value(const contract::Plan& plan,
                         std::string_view pointer,
                         std::string_view value) {
  auto tree = contract::parse_json(contract::encode(plan));
  auto wanted = contract::parse_json(value);
  if (!tree || !wanted) {
    return fail(ErrorCode::kBadOp, "the value " + (tree ? wanted.error().what : tree.error().what));
  }
  make_place(*tree, pointer) = std::move(*wanted);
  if (auto decoded = contract::decode<contract::Plan>(contract::json_text(*tree)); !decoded) {
    return fail_as(decoded);
  }
  return {};
}

bool is_protection_name(std::string_view name) {
  return contract::find_protection(name) != nullptr ||
         std::count(name.begin(), name.end(), '.') >= 2;
}

}  // namespace paddock::testing
