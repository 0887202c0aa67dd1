#include "plan/planner.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "plan/consult.hpp"
#include "plan/early_probe.hpp"
#include "plan/pin.hpp"
#include "plan/required.hpp"

namespace paddock::plan {
namespace {

/// What the choice of a backend works with; the draft of step 5 is made anew for each one, since
/// a backend may force non-critical ops to be dropped.
struct Planning {
  const profile::Profile& profile;
  const plugin::Registry& registry;
  Draft base;
  std::vector<Wishes> wishes;
  Instances hardeners;
  std::map<std::string, std::string> resolve;
};

/// What hardeners review, and a backend runs: merged, and its mounts pinned.
Result<Draft> merge_and_review(const Planning& planning, std::vector<Wishes> wishes) {
  auto draft = merge(planning.base, std::move(wishes), planning.resolve);
  if (!draft) {
    return draft;
  }
  if (auto pinned = pin_sources(*draft); !pinned) {
    return fail_as(pinned);
  }
  if (auto reviewed = ask_review(planning.profile, planning.hardeners, draft->plan); !reviewed) {
    return fail_as(reviewed);
  }
  return draft;
}

std::set<std::string> supported(const contract::ProbeReply& probe) {
  std::set<std::string> out;
  for (const contract::ProtectionSupport& row : probe.protections) {
    if (row.supported) {
      out.insert(row.protection);
    }
  }
  return out;
}

/// Takes out of `wishes` the non-critical ops whose protection the backend lacks; one line each.
std::vector<std::string> drop_optional(std::vector<Wishes>& wishes,
                                       const std::string& backend,
                                       const contract::ProbeReply& probe) {
  std::vector<std::string> lines;
  const auto can = supported(probe);
  for (Wishes& from : wishes) {
    const auto hopeless = [&](const contract::Op& op) {
      const contract::LeafRule* rule = contract::leaf_rule(op.path);
      const bool drop = !op.critical && rule != nullptr && !rule->protection.empty() &&
                        can.count(std::string(rule->protection)) == 0;
      if (drop) {
        lines.push_back("'" + from.plugin + "' asks for '" + op.path + "', which backend '" +
                        backend + "' cannot do: left out, since it is not critical");
      }
      return drop;
    };
    from.ops.erase(std::remove_if(from.ops.begin(), from.ops.end(), hopeless), from.ops.end());
  }
  return lines;
}

/// `draft` holds for every backend; the result is the one for this backend.
Result<Draft> fit(const Planning& planning,
                  const Draft& draft,
                  const std::string& backend,
                  const contract::ProbeReply& probe) {
  Draft fitted = draft;
  std::vector<Wishes> wishes = planning.wishes;
  auto dropped = drop_optional(wishes, backend, probe);
  if (probe.available && !dropped.empty()) {
    auto again = merge_and_review(planning, std::move(wishes));
    if (!again) {
      return again;
    }
    fitted = std::move(*again);
    fitted.dropped = std::move(dropped);
  }
  if (auto agreed = negotiate(fitted, backend, probe); !agreed) {
    return fail_as(agreed);
  }
  return fitted;
}

Result<const plugin::Manifest*> backend_manifest(const plugin::Registry& registry,
                                                 const std::string& id) {
  auto manifest = registry.find(id);
  if (manifest && (*manifest)->kind != plugin::Kind::kBackend) {
    return fail(ErrorCode::kUnknownPlugin, "plugin '" + id + "' is a " +
                                               std::string(plugin::kind_name((*manifest)->kind)) +
                                               ", not a backend");
  }
  return manifest;
}

void append_known(const plugin::Registry& registry,
                  const std::string& id,
                  std::vector<std::string>& order) {
  if (backend_manifest(registry, id) && std::find(order.begin(), order.end(), id) == order.end()) {
    order.push_back(id);
  }
}

/// Backend ids in the order in which they are tried. One that does not ship with paddock is there
/// only where somebody names it: its code runs in every launch that tries it. Errors: --backend
/// names none.
Result<std::vector<std::string>> order_of(const profile::Profile& profile,
                                          const plugin::Registry& registry,
                                          const BackendChoice& choice) {
  std::vector<std::string> order;
  if (!choice.only.empty()) {
    const auto manifest = backend_manifest(registry, choice.only);
    if (!manifest) {
      return fail_as(manifest);
    }
    return std::vector{choice.only};
  }
  // A profile's list is the whole list: an absent entry is reported, never made up for.
  if (const auto listed = profile::preferred_backends(profile); !listed.empty()) {
    return listed;
  }
  const auto& hosts = registry.settings().preferred_backends;
  for (const std::string& id : choice.preferred.empty() ? hosts : choice.preferred) {
    append_known(registry, id, order);
  }
  for (const plugin::Manifest* manifest : registry.shipped(plugin::Kind::kBackend)) {
    append_known(registry, manifest->id, order);
  }
  return order;
}

Error no_backend(const profile::Profile& profile, const std::vector<Rejected>& rejected) {
  Error error =
      fail(ErrorCode::kNoBackend, "no backend can run profile '" + profile.name + "' here").value();
  if (rejected.empty()) {
    error.hints.push_back("no backend is installed; `paddock plugin list` shows what is");
    return error;
  }
  for (const Rejected& one : rejected) {
    error.others.push_back(one.error);
  }
  error.hints.push_back("`paddock doctor` shows what each backend can enforce on this machine");
  return error;
}

/// Why the profile's backend `id` cannot be had, at its place, with those that can.
Error not_a_backend(const Planning& planning, const std::string& id, Error error) {
  const Node* listed = planning.profile.root.find("backend.prefer");
  if (listed == nullptr || listed->array() == nullptr) {
    return error;
  }
  for (const Node& item : *listed->array()) {
    if (item.text() != nullptr && *item.text() == id) {
      error.where = item.where;
    }
  }
  std::vector<std::string> backends;
  for (const plugin::Manifest* manifest : planning.registry.of_kind(plugin::Kind::kBackend)) {
    backends.push_back(manifest->id);
  }
  if (const std::string hint = name_hint(id, backends); !hint.empty()) {
    error.hints = {hint};
  }
  return error;
}

void choose_backend(const Planning& planning,
                    const std::vector<std::string>& order,
                    Planned& planned) {
  for (const std::string& id : order) {
    const auto manifest = backend_manifest(planning.registry, id);
    if (!manifest) {
      planned.rejected.push_back({id, not_a_backend(planning, id, manifest.error()), {}});
      continue;
    }
    const contract::ProbeRequest request{planned.draft.plan.isolation};
    auto probed = planned.early && planned.early->is(id, request)
                      ? planned.early->take()
                      : probe_backend(planning.registry, **manifest, &planning.profile, request);
    if (!probed) {
      planned.rejected.push_back({id, probed.error(), {}});
      continue;
    }
    auto fitted = fit(planning, planned.draft, id, probed->probe);
    if (!fitted) {
      planned.rejected.push_back({id, fitted.error(), std::move(probed->probe)});
      continue;
    }
    planned.draft = std::move(*fitted);
    planned.backend = std::move(probed->backend);
    planned.probe = std::move(probed->probe);
    return;
  }
  planned.refusal = no_backend(planning.profile, planned.rejected);
}

}  // namespace

Result<Probed> probe_backend(const plugin::Registry& registry,
                             const plugin::Manifest& manifest,
                             const profile::Profile* profile,
                             const contract::ProbeRequest& request) {
  const profile::Profile defaults;
  auto backend =
      registry.load(manifest, config_json(profile == nullptr ? defaults : *profile, manifest));
  if (!backend) {
    return fail_as(backend);
  }
  auto probe = (*backend)->ask<contract::ProbeReply>("probe", request);
  if (!probe) {
    return fail_as(probe);
  }
  return Probed{std::move(*backend), std::move(*probe)};
}

namespace {

/// Begins to ask the first backend of `order`, if there is one.
std::shared_ptr<EarlyProbe> begin_early(const profile::Profile& profile,
                                        const plugin::Registry& registry,
                                        const Result<std::vector<std::string>>& order,
                                        const contract::ProbeRequest& request) {
  const auto first = order && !order->empty() ? backend_manifest(registry, order->front())
                                              : fail(ErrorCode::kNoBackend, "there is no backend");
  return first ? EarlyProbe::begin(registry, **first, profile, request) : nullptr;
}

Result<Planned> plan_and_choose(const profile::Profile& profile,
                                const LaunchFacts& facts,
                                const plugin::Registry& registry,
                                const BackendChoice& choice) {
  auto base = base_plan(profile, facts);
  if (!base) {
    return fail_as(base);
  }
  const auto order = order_of(profile, registry, choice);
  Planned planned;
  planned.early = begin_early(profile, registry, order, {base->plan.isolation});
  auto hardeners = load_hardeners(profile, registry);
  if (!hardeners) {
    return fail_as(hardeners);
  }
  Planning planning{
      profile, registry, std::move(*base), {}, std::move(*hardeners), resolve_table(profile)};
  if (auto asked = ask_demands(profile, planning.hardeners, planning.base); !asked) {
    return fail_as(asked);
  }
  auto wishes = ask_wishes(profile, planning.hardeners, planning.base.plan);
  if (!wishes) {
    return fail_as(wishes);
  }
  planning.wishes = std::move(*wishes);
  auto draft = merge_and_review(planning, planning.wishes);
  if (!draft) {
    return fail_as(draft);
  }
  if (!order) {
    return fail_as(order);
  }
  planned.draft = std::move(*draft);
  choose_backend(planning, *order, planned);
  planned.hardeners = std::move(planning.hardeners);
  return planned;
}

}  // namespace

Result<Planned> explain_plan(const profile::Profile& profile,
                             const LaunchFacts& facts,
                             const plugin::Registry& registry,
                             const BackendChoice& choice) {
  auto planned = plan_and_choose(profile, facts, registry, choice);
  if (planned && planned->backend != nullptr) {
    rehearse(*planned);
  }
  return planned;
}

Result<Planned> make_plan(const profile::Profile& profile,
                          const LaunchFacts& facts,
                          const plugin::Registry& registry,
                          const BackendChoice& choice) {
  auto planned = plan_and_choose(profile, facts, registry, choice);
  if (planned && planned->refusal) {
    return Failure(*planned->refusal);
  }
  return planned;
}

}  // namespace paddock::plan
