// The hooks of a profile: no leaf of the plan, for they are not the sandbox's, but a power of it.
#include <algorithm>

#include "paddock/contract/json_value.hpp"
#include "plan/base_plan.hpp"

namespace paddock::plan {
namespace {

using Hooks = std::vector<HookCall>;

const HookCall* same_call(const Hooks& hooks, const HookCall& call) {
  const auto found = std::find_if(hooks.begin(), hooks.end(), [&](const HookCall& hook) {
    return hook.id == call.id && hook.phase == call.phase;
  });
  return found == hooks.end() ? nullptr : &*found;
}

std::string pointer_of(const HookCall& hook) {
  return "/hooks/" + contract::escape_pointer(hook.id);
}

std::string json_text(const std::string& text) {
  return to_json(Node(text));
}

HookCall call_of(const Node& entry) {
  HookCall call;
  Node::Table options = *entry.table();
  call.id = *options.at("id").text();
  call.phase = *options.at("phase").text();
  options.erase("id");
  options.erase("phase");
  call.options = to_json(Node(std::move(options)));
  call.origin = {"profile", entry.where, entry.layer, "", json_text(call.phase)};
  return call;
}

}  // namespace

void build_hooks(Builder& builder) {
  const Node* hooks = builder.find("hooks");
  if (hooks == nullptr || hooks->array() == nullptr) {
    return;
  }
  for (const Node& entry : *hooks->array()) {
    builder.draft.hooks.push_back(call_of(entry));
  }
}

std::vector<Difference> diff_hooks(const Hooks& before, const Hooks& after) {
  using Power = Difference::Power;
  std::vector<Difference> out;
  for (const HookCall& old : before) {
    if (same_call(after, old) == nullptr) {
      out.push_back({Power::kLost, pointer_of(old), json_text(old.phase), "", "a hook less"});
    }
  }
  for (const HookCall& call : after) {
    const HookCall* old = same_call(before, call);
    if (old == nullptr) {
      out.push_back({Power::kGained, pointer_of(call), "", json_text(call.phase),
                     "one more hook, which acts on this machine with your rights"});
    } else if (old->options != call.options) {
      out.push_back({Power::kChanged, pointer_of(call), json_text(old->options),
                     json_text(call.options), "options of the hook"});
    }
  }
  return out;
}

}  // namespace paddock::plan
