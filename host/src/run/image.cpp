// The image that a launch runs: there, pulled or built before anything else is made.
#include "plan/image.hpp"

#include "run/steps.hpp"

namespace paddock::run {

Result<void> provide_image(Session& session) {
  plan::Draft& draft = session.planned.draft;
  if (!draft.image) {
    return {};
  }
  const auto image = image::provide(*session.planned.backend, *draft.image,
                                    image::Records(session.store.root()), session.watch);
  if (!image) {
    return fail_as(image);
  }
  plan::settle_image(draft, *image);
  return {};
}

}  // namespace paddock::run
