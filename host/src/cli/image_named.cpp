// Which images the profiles of this user name.
#include "cli/image_common.hpp"
#include "plan/planner.hpp"
#include "run/plugins.hpp"

namespace paddock::cli {

NamedImages named_by_profiles(const plugin::Registry& registry) {
  NamedImages named;
  const auto context = run::context_with(registry);
  for (const profile::Listing& listing : profile::list(context)) {
    profile::Request request{listing.name, "", {}};
    request.check_paths = false;
    const auto profile = profile::resolve(request, context);
    const auto draft =
        profile ? plan::base_plan(*profile, plan::current_facts()) : fail_as(profile);
    if (draft && draft->image) {  // what is broken `profile list` tells
      named[draft->image->wanted.reference.text()].insert(listing.name);
    }
  }
  return named;
}

}  // namespace paddock::cli
