#include "run/plugins.hpp"

#include "plan/plan.hpp"

namespace paddock::run {

Result<plugin::Registry> open_registry() {
  const auto settings = plugin::current_settings();
  return settings ? plugin::Registry::discover(*settings) : fail_as(settings);
}

namespace {

/// The ids of plugins, and where they are loaded from.
profile::Context context_without_options(const plugin::Registry& registry) {
  profile::Context context = profile::current_context();
  context.known_plugins = registry.ids();
  for (const plugin::SearchPath& place : registry.settings().search) {
    context.program_paths.push_back(place.directory);
  }
  return context;
}

/// False when it was there.
bool add(const plugin::Manifest& manifest, profile::Context& context) {
  context.plugin_kinds[manifest.id] = plugin::kind_name(manifest.kind);
  return context.plugin_options.emplace(manifest.id, manifest.options).second;
}

}  // namespace

profile::Context context_with(const plugin::Registry& registry) {
  profile::Context context = context_without_options(registry);
  for (const std::string& id : context.known_plugins) {
    if (const auto manifest = registry.find(id)) {
      add(**manifest, context);
      context.plugin_kinds[id] = plugin::kind_name((*manifest)->kind);
    }
  }
  return context;
}

namespace {

/// Adds the options of installed plugins that `error` finds unknown; whether there were any.
bool add_named(const Error& error, const plugin::Registry& registry, profile::Context& context) {
  bool added = false;
  for (const std::string& id : context.known_plugins) {
    const bool named = error.code == ErrorCode::kUnknownPlugin &&
                       error.what.find("'" + id + "'") != std::string::npos;
    const auto manifest = named ? registry.find(id) : fail(ErrorCode::kUnknownPlugin, "not named");
    added = (manifest && add(**manifest, context)) || added;
  }
  for (const Error& other : error.others) {
    added = add_named(other, registry, context) || added;
  }
  return added;
}

}  // namespace

Result<profile::Profile> resolve_profile(const profile::Request& request,
                                         const plugin::Registry& registry) {
  constexpr std::size_t kFew = 16;
  if (registry.ids().size() <= kFew) {
    return profile::resolve(request, context_with(registry));
  }
  profile::Context context = context_without_options(registry);
  for (;;) {
    auto resolved = profile::resolve(request, context);
    if (resolved) {
      return resolved;
    }
    if (!add_named(resolved.error(), registry, context)) {
      return profile::resolve(request, context_with(registry));  // --set may name another
    }
  }
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
