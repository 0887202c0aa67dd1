#include "cli/image_common.hpp"

#include <algorithm>
#include <iterator>

#include "cli/output.hpp"
#include "cli/plugin_view.hpp"
#include "os/paths.hpp"
#include "plan/planner.hpp"

namespace paddock::cli {
namespace {

/// Ids of backends with images: the user's order first, then what ships, then the others.
std::vector<const plugin::Manifest*> candidates(const plugin::Registry& registry) {
  std::vector<const plugin::Manifest*> list;
  const auto add = [&](const plugin::Manifest* manifest) {
    if (manifest->answers("images") &&
        std::find(list.begin(), list.end(), manifest) == list.end()) {
      list.push_back(manifest);
    }
  };
  for (const std::string& id : registry.settings().preferred_backends) {
    if (const auto manifest = registry.find(id)) {
      add(*manifest);
    }
  }
  for (const plugin::Manifest* manifest : registry.shipped(plugin::Kind::kBackend)) {
    add(manifest);
  }
  return list;
}

Result<EnginePtr> open(const plugin::Registry& registry, const plugin::Manifest& manifest) {
  auto probed =
      plan::probe_backend(registry, manifest, nullptr, {contract::Isolation::kSharedKernel});
  if (!probed) {
    return fail_as(probed);
  }
  return probed->probe.available
             ? std::move(probed->backend)
             : Result<EnginePtr>(
                   fail(ErrorCode::kBackendMissing,
                        "backend '" + manifest.id + "' cannot run here: " + probed->probe.reason,
                        probed->probe.remedy));
}

Result<EnginePtr> open_named(const plugin::Registry& registry, const std::string& id) {
  const auto manifest = registry.find(id);
  if (!manifest) {
    return fail_as(manifest);
  }
  if (!(*manifest)->answers("images")) {
    return fail(ErrorCode::kUnsupported, "plugin '" + id + "' has no images");
  }
  return open(registry, **manifest);
}

}  // namespace

Option backend_option() {
  return {"backend", 'b', "ID", "the engine [the first that answers]", false, "backend"};
}

Result<std::vector<EnginePtr>> open_engines(const plugin::Registry& registry,
                                            const Arguments& arguments) {
  std::vector<EnginePtr> engines;
  if (const std::string id = arguments.value("backend"); !id.empty()) {
    auto engine = open_named(registry, id);
    if (!engine) {
      return fail_as(engine);
    }
    engines.push_back(std::move(*engine));
    return engines;
  }
  Error none =
      fail(ErrorCode::kBackendMissing, "no engine with images answers here",
           "start one; `paddock doctor` shows what each backend can enforce on this machine")
          .value();
  for (const plugin::Manifest* manifest : candidates(registry)) {
    auto engine = open(registry, *manifest);
    if (engine) {
      engines.push_back(std::move(*engine));
    } else {
      none.others.push_back(engine.error());
    }
  }
  return engines.empty() ? Result<std::vector<EnginePtr>>(Failure(std::move(none)))
                         : std::move(engines);
}

Result<EnginePtr> open_engine(const plugin::Registry& registry, const Arguments& arguments) {
  auto engines = open_engines(registry, arguments);
  return engines ? std::move(engines->front()) : Result<EnginePtr>(fail_as(engines));
}

image::Records open_records() {
  return image::Records(os::user_paths().state);
}

std::vector<image::Settled> settle_images(const plugin::Registry& registry,
                                          std::vector<Error>& problems) {
  const image::Records records = open_records();
  const auto all = records.load();
  if (!all) {
    problems.push_back(all.error());
    return {};
  }
  std::map<std::string, bool> backends;  // and whether a record of it was left behind
  for (const image::Record& record : *all) {
    backends[record.backend] = backends[record.backend] || record.id.empty();
  }
  std::vector<image::Settled> settled;
  for (const auto& [id, unfinished] : backends) {
    const auto engine = open_named(registry, id);
    const auto some = engine ? image::settle(**engine, records) : fail_as(engine);
    if (some) {
      settled.insert(settled.end(), some->begin(), some->end());
    } else if (unfinished || engine) {
      problems.push_back(some.error());
    }
  }
  return settled;
}

Result<int> status_of(std::vector<Error> problems) {
  if (problems.empty()) {
    return 0;
  }
  Error first = std::move(problems.front());
  first.others.insert(first.others.end(), std::make_move_iterator(problems.begin() + 1),
                      std::make_move_iterator(problems.end()));
  return Failure(std::move(first));
}

std::string short_id(const std::string& id) {
  constexpr std::size_t kShort = sizeof "sha256:" - 1 + 12;
  return id.substr(0, kShort);
}

void show_image(const contract::Image& image,
                const std::string& reference,
                const std::string& backend,
                const Arguments& arguments) {
  if (arguments.json) {
    print(json_line({{"reference", text_node(reference)},
                     {"id", text_node(image.id)},
                     {"digests", texts_node(image.digests)},
                     {"platform", text_node(image.platform)},
                     {"size_bytes", Node(static_cast<std::int64_t>(image.size_bytes))},
                     {"backend", text_node(backend)}},
                    "paddock.image/1"));
  } else {
    print(reference + "\t" + image.id + "\n");
  }
}

}  // namespace paddock::cli
