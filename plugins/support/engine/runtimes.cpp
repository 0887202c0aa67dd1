#include "support/engine/runtimes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "paddock/contract/enum_names.hpp"

namespace paddock::engine {
namespace {

using contract::Isolation;
using Json = nlohmann::json;

// The proof looks for a sentry; of a virtual machine it would have nothing but the engine's word.
constexpr Isolation kProvable = Isolation::kUserKernel;

constexpr const char* kRegister =
    "install gVisor's runsc, and register it: dockerd --add-runtime runsc=PROGRAM, which runs "
    "'runsc --network=none --host-uds=open --oci-seccomp \"$@\"'";

struct Family {
  std::string_view stem;  ///< what a word of the name begins with
  Isolation level;
};
constexpr std::array<Family, 6> kFamilies = {{{"runc", Isolation::kSharedKernel},
                                              {"crun", Isolation::kSharedKernel},
                                              {"youki", Isolation::kSharedKernel},
                                              {"runsc", Isolation::kUserKernel},
                                              {"kata", Isolation::kVm},
                                              {"krun", Isolation::kVm}}};

/// "io.containerd.runsc.v1", "kata-runtime": words between dots, dashes and the like.
std::optional<Isolation> level_of_name(std::string_view name) {
  while (!name.empty()) {
    const std::size_t length = std::min(name.find_first_of(".-_"), name.size());
    const std::string_view word = name.substr(0, length);
    for (const Family& family : kFamilies) {
      if (word.starts_with(family.stem)) {
        return family.level;
      }
    }
    name.remove_prefix(std::min(length + 1, name.size()));
  }
  return std::nullopt;
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Names of those that give just that, "runc, crun"; empty: none.
std::string names_at(const Runtimes& runtimes, Isolation level) {
  std::string names;
  for (const Runtime& runtime : runtimes.known) {
    if (level_of(runtime) == level) {
      names += (names.empty() ? "" : ", ") + runtime.name;
    }
  }
  return names;
}

std::string all_names(const Runtimes& runtimes) {
  std::string names;
  for (const Runtime& runtime : runtimes.known) {
    names += (names.empty() ? "'" : ", '") + runtime.name + "'";
  }
  return names.empty() ? "which names none" : names;
}

}  // namespace

Runtimes read_runtimes(std::string_view info) {
  const Json json = Json::parse(info, nullptr, false);
  Runtimes runtimes;
  Json known = json.is_object() ? json.value("Runtimes", Json()) : Json();
  known = known.is_object() ? known : Json::object();
  for (const auto& [name, told] : known.items()) {
    const std::string path = text_of(told, "path");
    runtimes.known.push_back({name, path.empty() ? text_of(told, "runtimeType") : path});
  }
  runtimes.standard = text_of(json, "DefaultRuntime");
  runtimes.remedy = kRegister;
  return runtimes;
}

Isolation level_of(const Runtime& runtime) {
  const std::string_view path = runtime.program;
  const std::size_t slash = path.rfind('/');
  const auto by_program = level_of_name(slash == std::string::npos ? path : path.substr(slash + 1));
  const auto by_name = level_of_name(runtime.name);
  return by_program.value_or(by_name.value_or(Isolation::kSharedKernel));
}

Isolation best_of(const Runtimes& runtimes) {
  Isolation best = Isolation::kSharedKernel;
  for (const Runtime& runtime : runtimes.known) {
    best = std::max(best, std::min(level_of(runtime), kProvable));
  }
  return names_at(runtimes, best).empty() ? Isolation::kSharedKernel : best;
}

Result<Runtime> choose_runtime(const Runtimes& runtimes, Isolation least) {
  if (runtimes.known.empty() && least == Isolation::kSharedKernel) {
    return Runtime{};
  }
  const Runtime* best = nullptr;
  for (const Runtime& runtime : runtimes.known) {
    const Isolation level = level_of(runtime);
    if (level < least || level > kProvable) {
      continue;
    }
    if (runtime.name == runtimes.standard) {
      return runtime;
    }
    best = best == nullptr || level < level_of(*best) ? &runtime : best;
  }
  return best != nullptr
             ? Result<Runtime>(*best)
             : Result<Runtime>(fail(ErrorCode::kUnsupported,
                                    "none of the engine's runtimes, " + all_names(runtimes) +
                                        ", gives '" + std::string(contract::enum_name(least)) + "'",
                                    remedy_for_more(runtimes)));
}

Result<void> expect_shared_kernel(std::string_view inspected) {
  const Json json = Json::parse(inspected, nullptr, false);
  const auto host = json.is_object() ? json.find("HostConfig") : json.end();
  const Runtime chosen{host != json.end() ? text_of(*host, "Runtime") : "", ""};
  const Isolation level = level_of(chosen);
  return level == Isolation::kSharedKernel
             ? Result<void>{}
             : fail(ErrorCode::kUnsupported,
                    "the engine runs containers by '" + chosen.name + "' unless told otherwise",
                    "say so in the profile: backend.isolation = \"" +
                        std::string(contract::enum_name(level)) + "\"");
}

std::string remedy_for_more(const Runtimes& runtimes) {
  if (best_of(runtimes) < kProvable) {
    return runtimes.remedy;
  }
  const std::string machines = names_at(runtimes, Isolation::kVm);
  return machines.empty()
             ? "a virtual machine is more than this version can prove"
             : "the engine has '" + machines + "', but this version cannot prove a virtual machine";
}

std::string levels_text(const Runtimes& runtimes) {
  std::string text = "namespaces";
  const std::pair<Isolation, const char*> levels[] = {
      {Isolation::kUserKernel, "gVisor's kernel"},
      {Isolation::kVm, "a virtual machine, not proved by this version"}};
  for (const auto& [level, by] : levels) {
    if (const std::string names = names_at(runtimes, level); !names.empty()) {
      text += std::string("; ") + by + " (" + names + ")";
    }
  }
  return text;
}

}  // namespace paddock::engine
