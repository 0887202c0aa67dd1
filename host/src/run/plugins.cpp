#include "run/plugins.hpp"

#include "plan/plan.hpp"

namespace paddock::run {

Result<plugin::Registry> open_registry() {
  const auto settings = plugin::current_settings();
  return settings ? plugin::Registry::discover(*settings) : fail_as(settings);
}

profile::Context context_with(const plugin::Registry& registry) {
  profile::Context context = profile::current_context();
  context.known_plugins = registry.ids();
  for (const std::string& id : context.known_plugins) {
    if (const auto manifest = registry.find(id)) {
      context.plugin_options[id] = (*manifest)->options;
      context.plugin_kinds[id] = plugin::kind_name((*manifest)->kind);
    }
  }
  return context;
}

Result<std::unique_ptr<plugin::Instance>> load_again(const plugin::Registry& registry,
                                                     const PluginRef& ref) {
  const auto manifest = registry.find(ref.id);
  return manifest ? registry.load(**manifest, ref.config) : fail_as(manifest);
}

PluginRef reference(const profile::Profile& profile, const plugin::Manifest& manifest) {
  return {manifest.id, plan::config_json(profile, manifest)};
}

}  // namespace paddock::run
