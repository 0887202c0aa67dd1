#include <unistd.h>

#include <set>

#include "base/digest.hpp"
#include "os/process.hpp"
#include "profile/source_file.hpp"
#include "run/fitness.hpp"
#include "run/names.hpp"
#include "run/plugins.hpp"
#include "run/steps.hpp"

namespace paddock::run {

namespace {

/// A worktree that the sandbox does not have would be made for nothing, and another folder written.
Result<void> check_worktree(const profile::Profile& profile) {
  std::error_code ignored;
  const Node* root = profile.root.find("workspace.root");
  return root != nullptr && *root->text() == std::filesystem::current_path(ignored)
             ? Result<void>{}
             : fail(ErrorCode::kUsage,
                    "the workspace of profile '" + profile.name +
                        "' is not the current folder, so that no worktree can take its place",
                    "say root = \"${cwd}\" in [workspace], as the profile 'quickstart' does");
}

}  // namespace

Result<void> load_profile(Session& session) {
  auto name = choose_name(session.order.name, session.order.profile, session.store);
  if (!name) {
    return fail_as(name);
  }
  session.state.name = std::move(*name);
  auto registry = open_registry();
  if (!registry) {
    return fail_as(registry);
  }
  session.registry.emplace(std::move(*registry));
  const profile::Request request{session.order.profile, session.state.name, session.order.sets};
  auto resolved = resolve_profile(request, *session.registry);
  if (!resolved) {
    return fail_as(resolved);
  }
  session.profile = std::move(*resolved);
  return session.order.worktree.empty() ? Result<void>{} : check_worktree(session.profile);
}

Result<void> plan_launch(Session& session) {
  plan::LaunchFacts facts = plan::current_facts();
  facts.name = session.state.name;
  facts.command = session.order.command;
  facts.terminal = session.order.background ? session.order.background->terminal : on_terminal();
  const plan::BackendChoice choice{session.order.backend,
                                   session.registry->settings().preferred_backends};
  auto planned = plan::make_plan(session.profile, facts, *session.registry, choice);
  if (!planned) {
    return fail_as(planned);
  }
  session.planned = std::move(*planned);
  if (session.plan().process.command.empty()) {
    return fail(ErrorCode::kUsage, "there is no command to run",
                "write it after the profile, or set process.command in the profile");
  }
  return {};
}

Order repeatable(Order order, const std::string& name) {
  order.name = name;
  std::error_code ignored;
  order.folder = std::filesystem::current_path(ignored).string();
  if (profile::is_path_argument(order.profile)) {
    order.profile = std::filesystem::absolute(order.profile, ignored).lexically_normal().string();
  }
  return order;
}

Result<void> claim_name(Session& session) {
  State& state = session.state;
  state.instance = random_hex(8);
  state.profile = session.profile.name;
  state.backend = reference(session.profile, session.planned.backend->manifest());
  state.command = session.plan().process.command;
  if (const Node* root = session.profile.root.find("workspace.root")) {
    state.workspace = *root->text();
  }
  state.host_pid = ::getpid();
  state.host_start_time = os::start_time(::getpid()).value_or(0);
  state.started_at = now_text();
  state.order = repeatable(session.order, state.name);
  if (session.order.warm) {
    auto fit = fitness(session.profile, *session.registry, state.backend.id,
                       session.plan().rootfs.image_id.value_or(""));
    if (!fit) {
      return fail_as(fit);
    }
    state.fitness = std::move(*fit);
  }
  if (!session.lock) {  // else it is launched again, and the name still ours
    auto lock = session.store.claim(state.name);
    if (!lock) {
      return fail_as(lock);
    }
    session.lock.emplace(std::move(*lock));
  }
  std::error_code error;
  std::filesystem::remove_all(session.runtime_dir(), error);
  std::filesystem::create_directory(session.runtime_dir(), error);
  std::filesystem::permissions(session.runtime_dir(), std::filesystem::perms::owner_all, error);
  return error ? fail_errno(error.value(), "cannot create '" + session.runtime_dir().string() + "'")
               : Result<void>{};
}

Result<void> load_hooks(Session& session) {
  if (!session.order.hooks) {
    return {};
  }
  for (const profile::HookEntry& entry : profile::named_hooks(session.profile)) {
    const auto manifest = session.registry->find(entry.id);
    if (!manifest) {
      return fail_as(manifest);
    }
    PluginRef ref{entry.id, plan::config_json(entry.table, **manifest)};
    auto plugin = session.registry->load(**manifest, ref.config);
    if (!plugin) {
      return fail_as(plugin);
    }
    session.hooks.push_back({entry.phase, std::move(ref), std::move(*plugin)});
  }
  return {};
}

/// What the hook itself said no to has a code of its own; what broke in it keeps its code.
Failure stopped_by(const Hook& hook, Error error) {
  if (error.code == ErrorCode::kPluginFailed) {
    error.code = ErrorCode::kHookFailed;
  }
  error.context.push_back("hook '" + hook.ref.id + "' before the launch");
  return Failure(std::move(error));
}

Result<void> hooks_before(Session& session) {
  if (session.hooks.empty()) {
    return {};
  }
  // Journaled first: from the first call on there may be something that after-stop clears.
  for (const Hook& hook : session.hooks) {
    if (hook.phase == contract::HookPhase::kAfterStop) {
      session.state.hooks.push_back(hook.ref);
    }
  }
  if (auto saved = session.store.save(session.state); !saved) {
    return saved;
  }
  const contract::HookRequest request{contract::HookPhase::kBeforeLaunch, session.plan(),
                                      std::nullopt};
  for (const Hook& hook : session.hooks) {
    if (hook.phase != request.phase) {
      continue;
    }
    if (auto reply = hook.plugin->ask<contract::Empty>("run", request); !reply) {
      return stopped_by(hook, reply.error());
    }
  }
  return {};
}

Result<void> start_digests(Session& session) {
  std::vector<const plugin::Manifest*> manifests{&session.planned.backend->manifest()};
  for (const auto& hardener : session.planned.hardeners) {
    manifests.push_back(&hardener->manifest());
  }
  std::set<std::string> hooks;  // one plugin may act in both phases
  for (const Hook& hook : session.hooks) {
    if (hooks.insert(hook.ref.id).second) {
      manifests.push_back(&hook.plugin->manifest());
    }
  }
  session.digests.emplace([&registry = *session.registry, manifests = std::move(manifests)] {
    return take_digests(registry, manifests);
  });
  return {};
}

Result<void> prepare(Session& session) {
  const contract::PrepareRequest request{session.plan(), session.state.instance,
                                         session.runtime_dir().string()};
  plugin::Instance& backend = *session.planned.backend;
  auto reply = backend.ask<contract::PrepareReply>("prepare", request);
  if (!reply) {
    return fail_as(reply);
  }
  session.planned.prepared = std::move(*reply);
  return plan::check_answers(session.planned.draft, backend.manifest().id,
                             session.planned.prepared);
}

}  // namespace paddock::run
