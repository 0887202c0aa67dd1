#include "run/fitness.hpp"

#include <sys/stat.h>

#include "base/digest.hpp"
#include "os/paths.hpp"
#include "plan/planner.hpp"
#include "profile/source_file.hpp"
#include "run/plugins.hpp"

namespace paddock::run {
namespace {

/// Changes whenever the file does.
std::string stamp(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    return file.string() + " is not there\n";
  }
  std::string text = file.string();
  for (const auto number :
       {std::int64_t(info.st_dev), std::int64_t(info.st_ino), info.st_size, info.st_mtim.tv_sec,
        info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec}) {
    text += " " + std::to_string(number);
  }
  return text + "\n";
}

/// Empty where it runs none.
Result<std::string> image_now(const profile::Profile& profile,
                              const plugin::Registry& registry,
                              const PluginRef& backend) {
  const auto draft = plan::base_plan(profile, plan::current_facts());
  if (!draft || !draft->image) {
    return draft ? Result<std::string>("") : fail_as(draft);
  }
  const auto engine = load_again(registry, backend);
  const auto found = engine ? image::find_wanted(**engine, draft->image->wanted) : fail_as(engine);
  if (!found) {
    return fail_as(found);
  }
  return *found ? Result<std::string>((*found)->id)
                : fail(ErrorCode::kImage, "the image is not in the engine any more");
}

}  // namespace

Result<std::string> fitness(const profile::Profile& profile,
                            const plugin::Registry& registry,
                            const std::string& backend,
                            const std::string& image_id) {
  const os::InstallPaths paths = os::install_paths();
  std::string text =
      profile.digest + "\n" + image_id + "\n" + stamp(paths.program) + stamp(paths.gate);
  std::vector<std::string> ids = profile::named_hardeners(profile);
  ids.push_back(backend);
  for (const std::string& id : ids) {
    const auto manifest = registry.find(id);
    if (!manifest) {
      return fail_as(manifest);
    }
    text += stamp((*manifest)->directory / "manifest.toml") + stamp((*manifest)->library());
  }
  return sha256(text);
}

Result<std::string> fitness_now(const profile::Profile& profile,
                                const plugin::Registry& registry,
                                const PluginRef& backend) {
  const auto image_id = image_now(profile, registry, backend);
  return image_id ? fitness(profile, registry, backend.id, *image_id) : fail_as(image_id);
}

}  // namespace paddock::run
