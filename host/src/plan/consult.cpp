#include "plan/consult.hpp"

#include "plan/required.hpp"

namespace paddock::plan {
namespace {

Failure at(const SourcePos& where, Error error) {
  if (!error.where && where.line != 0) {
    error.where = where;
  }
  return Failure(std::move(error));
}

// Whether the plugin did not say no, but broke the contract.
bool is_broken(ErrorCode code) {
  return code == ErrorCode::kPluginMisbehaved || code == ErrorCode::kPluginTimeout ||
         code == ErrorCode::kPluginDied || code == ErrorCode::kPluginAbi;
}

Failure veto(const SourcePos& where, const std::string& hardener, Error reason) {
  if (is_broken(reason.code)) {
    return at(where, std::move(reason));
  }
  Error error =
      fail(ErrorCode::kVetoed, "hardener '" + hardener + "' refuses the plan: " + reason.what)
          .value();
  error.where = reason.where;
  error.hints = std::move(reason.hints);
  error.context = std::move(reason.context);
  return at(where, std::move(error));
}

// Where the profile sets each option of the hardener.
std::map<std::string, SourcePos> option_places(const profile::Profile& profile,
                                               const std::string& hardener) {
  std::map<std::string, SourcePos> out;
  const Node* tables = profile.root.find("hardener");
  const Node* table = tables == nullptr ? nullptr : tables->find(hardener);
  if (table != nullptr && table->table() != nullptr) {
    for (const auto& [key, value] : *table->table()) {
      if (value.where.line != 0) {
        out.emplace(key, value.where);
      }
    }
  }
  return out;
}

}  // namespace

SourcePos place_of(const profile::Profile& profile, const std::string& hardener) {
  const Node* tables = profile.root.find("hardener");
  if (tables == nullptr || tables->table() == nullptr) {
    return {};
  }
  const auto found = tables->table()->find(hardener);
  if (found == tables->table()->end()) {
    return {};
  }
  const Node& table = found->second;
  return table.key_where.line != 0 ? table.key_where : table.where;
}

std::map<std::string, std::string> resolve_table(const profile::Profile& profile) {
  std::map<std::string, std::string> out;
  const Node* table = profile.root.find("resolve");
  if (table != nullptr && table->table() != nullptr) {
    for (const auto& [pointer, winner] : *table->table()) {
      if (winner.text() != nullptr) {
        out[pointer] = *winner.text();
      }
    }
  }
  return out;
}

Result<Instances> load_hardeners(const profile::Profile& profile,
                                 const plugin::Registry& registry) {
  Instances out;
  for (const std::string& id : profile::named_hardeners(profile)) {
    const SourcePos where = place_of(profile, id);
    const auto manifest = registry.find(id);
    if (!manifest) {
      return at(where, manifest.error());
    }
    if ((*manifest)->kind != plugin::Kind::kHardener) {
      return at(where,
                fail(ErrorCode::kUnknownPlugin,
                     "plugin '" + id + "' is a " +
                         std::string(plugin::kind_name((*manifest)->kind)) + ", not a hardener")
                    .value());
    }
    auto instance = registry.load(**manifest, config_json(profile, **manifest));
    if (!instance) {
      return at(where, std::move(instance).error());
    }
    out.push_back(std::move(*instance));
  }
  return out;
}

Result<void> ask_demands(const profile::Profile& profile,
                         const Instances& hardeners,
                         Draft& draft) {
  for (const auto& hardener : hardeners) {
    const std::string& id = hardener->manifest().id;
    if (!hardener->manifest().answers("require")) {
      continue;
    }
    const SourcePos where = place_of(profile, id);
    auto reply = hardener->ask<contract::RequireReply>("require", contract::Empty{});
    if (!reply) {
      return at(where, std::move(reply).error());
    }
    for (const std::string& protection : reply->protections) {
      draft.demands.emplace(protection, Origin{id, where, "", "", ""});
    }
  }
  draft.required = required_protections(draft);
  return {};
}

Result<std::vector<Wishes>> ask_wishes(const profile::Profile& profile,
                                       const Instances& hardeners,
                                       const contract::Plan& base) {
  std::vector<Wishes> out;
  const contract::PlanRequest request{base};
  for (const auto& hardener : hardeners) {
    const std::string& id = hardener->manifest().id;
    if (!hardener->manifest().answers("adjust")) {
      continue;
    }
    const SourcePos where = place_of(profile, id);
    auto reply = hardener->ask<contract::AdjustReply>("adjust", request);
    if (!reply) {
      return at(where, std::move(reply).error());
    }
    out.push_back({id, where, std::move(reply->ops), option_places(profile, id)});
  }
  return out;
}

Result<void> ask_review(const profile::Profile& profile,
                        const Instances& hardeners,
                        const contract::Plan& merged) {
  const contract::PlanRequest request{merged};
  for (const auto& hardener : hardeners) {
    const std::string& id = hardener->manifest().id;
    if (!hardener->manifest().answers("review")) {
      continue;
    }
    auto reply = hardener->ask<contract::Empty>("review", request);
    if (!reply) {
      return veto(place_of(profile, id), id, std::move(reply).error());
    }
  }
  return {};
}

}  // namespace paddock::plan
