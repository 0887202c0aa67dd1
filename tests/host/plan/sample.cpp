#include "host/plan/sample.hpp"

#include <stdexcept>

#include "plugin/toml_node.hpp"

namespace paddock::test {
namespace {

template <typename T>
T value_of(Result<T> result) {
  if (!result) {
    throw std::runtime_error(render(result.error()));
  }
  return std::move(*result);
}

}  // namespace

profile::Profile profile_of(std::string_view toml) {
  profile::Profile profile;
  profile.name = "web";
  profile.root = value_of(plugin::parse_toml("web.toml", toml));
  return profile;
}

plan::LaunchFacts facts() {
  plan::LaunchFacts out;
  out.name = "web-1";
  out.command = {"make"};
  out.host_home = "/home/ada";
  out.host_memory_bytes = std::uint64_t{8} << 30;
  out.host_cpus_milli = 2000;
  out.host_files = 4096;
  out.uid = 1000;
  out.gid = 1000;
  return out;
}

plan::Draft draft_of(std::string_view toml) {
  return value_of(plan::base_plan(profile_of(toml), facts()));
}

plan::Wishes wish(std::string plugin, std::string path, std::string value, std::uint32_t line) {
  contract::Op op;
  op.id = path;
  op.path = std::move(path);
  op.value.text = std::move(value);
  op.reason = "because " + plugin;
  SourcePos where;
  if (line != 0) {
    where = {"web.toml", line, 1, 1};
  }
  return {std::move(plugin), where, {op}};
}

plan::Wishes removal(std::string plugin, std::string path) {
  plan::Wishes out = wish(std::move(plugin), std::move(path), "null");
  out.ops.front().kind = contract::OpKind::kRemove;
  return out;
}

plan::Draft merged(const plan::Draft& base, std::vector<plan::Wishes> wishes) {
  return value_of(plan::merge(base, std::move(wishes), {}));
}

}  // namespace paddock::test
