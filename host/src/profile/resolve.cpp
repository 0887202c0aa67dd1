#include <algorithm>

#include "base/digest.hpp"
#include "profile/approvals.hpp"
#include "profile/lineage.hpp"
#include "profile/merge.hpp"
#include "profile/profile.hpp"
#include "profile/settle.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {
namespace {

// The named profile's own stages, once the user has approved it.
void approve_stages(std::vector<Stage>& stages, std::size_t file) {
  for (Stage& stage : stages) {
    if (stage.file == file && stage.kind != StageKind::kSet) {
      stage.may_widen = true;
      stage.layer.trust = Trust::kApproved;
    }
  }
}

std::string digest_of(const Profile& profile) {
  std::string bytes = to_json(profile.root);
  for (const Layer& layer : profile.layers) {
    bytes += "\n" + layer.digest;
  }
  return sha256(bytes);
}

Profile profile_of(const Lineage& lineage, std::vector<Stage>& stages, Merged merged) {
  Profile profile;
  profile.name = lineage.files.back().layer.name;
  profile.description = lineage.files.back().description;
  profile.root = std::move(merged.root);
  profile.widenings = std::move(merged.widenings);
  for (Stage& stage : stages) {
    profile.layers.push_back(std::move(stage.layer));
  }
  profile.digest = digest_of(profile);
  return profile;
}

// Goes on after a problem, for what is wrong is left out at each step: all are told at once.
Result<Profile> merge_lineage(const Lineage& lineage,
                              const Request& request,
                              const std::string& name,
                              bool approved,
                              const Context& context,
                              Problems& problems) {
  std::vector<Stage> stages = make_stages(lineage, request.sets, context, problems);
  if (approved) {
    approve_stages(stages, lineage.files.size() - 1);
  }
  settle_stages(stages, request, name, context, problems);
  Merged merged = merge_stages(stages, lineage, context, problems);
  settle_merged(merged, request, context, problems);
  if (!problems.empty()) {
    return problems.take();
  }
  return profile_of(lineage, stages, std::move(merged));
}

// Bound to the file's place, the bytes of every layer and the merged values; not to the name of
// one sandbox or to --set, which only narrows.
Result<Approval> approval_of(const Lineage& lineage,
                             const Request& request,
                             const Context& context,
                             Problems& problems) {
  Request plain = request;
  plain.sets.clear();
  auto profile = merge_lineage(lineage, plain, "${name}", true, context, problems);
  if (!profile) {
    return fail_as(profile);
  }
  Approval approval;
  approval.digest = sha256(lineage.files.back().path.string() + "\n" + profile->digest);
  approval.profile = std::move(*profile);
  return approval;
}

bool is_foreign(const Lineage& lineage) {
  return lineage.files.back().layer.trust == Trust::kForeign;
}

std::string sandbox_name(const Request& request, const Lineage& lineage) {
  return request.sandbox_name.empty() ? lineage.files.back().layer.name : request.sandbox_name;
}

void note_own_parents(const Lineage& lineage, Profile& profile) {
  for (const SourceFile& file : lineage.files) {
    if (is_foreign(lineage) && file.layer.trust == Trust::kUser) {
      profile.notices.push_back("'" + lineage.files.back().layer.file +
                                "', which is not yours, extends your profile '" + file.layer.name +
                                "'");
    }
  }
}

}  // namespace

Result<Profile> resolve(const Request& request, const Context& context) {
  Problems problems;
  const Lineage lineage = collect_lineage(request.profile, context, problems);
  if (!problems.empty() && !lineage.mergeable) {
    return problems.take();
  }
  bool approved = false;
  if (problems.empty() && is_foreign(lineage) && has_approvals(context)) {
    const auto approval = approval_of(lineage, request, context, problems);
    approved = approval && is_approved(approval->digest, context);
  }
  auto profile =
      merge_lineage(lineage, request, sandbox_name(request, lineage), approved, context, problems);
  if (profile && !approved) {
    note_own_parents(lineage, *profile);
  }
  return profile;
}

Result<Approval> prepare_approval(const Request& request, const Context& context) {
  Problems problems;
  const Lineage lineage = collect_lineage(request.profile, context, problems);
  if (!problems.empty()) {
    return problems.take();
  }
  auto approval = approval_of(lineage, request, context, problems);
  if (!approval) {
    return approval;
  }
  approval->needed =
      is_foreign(lineage) && !merge_lineage(lineage, request, "${name}", false, context, problems);
  return approval;
}

Result<void> record_approval(const Approval& approval, const Context& context) {
  const std::string file =
      approval.profile.layers.empty() ? std::string{} : approval.profile.layers.back().file;
  return add_approval(approval.digest, file, context);
}

Result<void> approve(const Request& request, const Context& context) {
  const auto approval = prepare_approval(request, context);
  return approval ? record_approval(*approval, context) : Result<void>(fail_as(approval));
}

}  // namespace paddock::profile
