// The backend's answers without a launch.
#include <stdlib.h>

#include "plan/image.hpp"
#include "plan/planner.hpp"

namespace paddock::plan {
namespace {

/// A private directory, as a sandbox would have it, for as long as the question takes.
class ScratchDir {
 public:
  ScratchDir() : made_(::mkdtemp(path_.data()) != nullptr), error_(made_ ? 0 : errno) {}
  ~ScratchDir() {
    std::error_code ignored;
    if (made_) {
      std::filesystem::remove_all(path_, ignored);
    }
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;

  Result<std::string> path() const {
    return made_ ? Result<std::string>(path_)
                 : fail_errno(error_, "cannot create a directory in '/tmp'");
  }

 private:
  std::string path_ = "/tmp/paddock-rehearsal-XXXXXX";
  bool made_;
  int error_;
};

Result<void> ask(Planned& planned) {
  const ScratchDir scratch;
  const auto directory = scratch.path();
  if (!directory) {
    return fail_as(directory);
  }
  const contract::PrepareRequest request{planned.draft.plan, "0000000000000000", *directory};
  auto reply = planned.backend->ask<contract::PrepareReply>("prepare", request);
  if (!reply) {
    return fail_as(reply);
  }
  planned.prepared = std::move(*reply);
  return check_answers(planned.draft, planned.backend->manifest().id, planned.prepared);
}

}  // namespace

void rehearse(Planned& planned) {
  look_for_image(planned);
  if (planned.refusal) {
    return;
  }
  if (auto asked = ask(planned); !asked) {
    planned.refusal = asked.error();
  }
}

}  // namespace paddock::plan
