#include <algorithm>

#include "base/digest.hpp"
#include "profile/approval_digest.hpp"
#include "profile/approvals.hpp"
#include "profile/lineage.hpp"
#include "profile/merge.hpp"
#include "profile/profile.hpp"
#include "profile/project.hpp"
#include "profile/settle.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {
namespace {

namespace fs = std::filesystem;

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

/// A profile, and what it gains by being approved.
struct Resolved {
  Profile profile;
  std::vector<Error> gains;
};

// Goes on after a problem, for what is wrong is left out at each step: all are told at once.
Result<Resolved> merge_lineage(const Lineage& lineage,
                               const Request& request,
                               const std::string& name,
                               bool approved,
                               const Context& context,
                               Problems& problems) {
  std::vector<Stage> stages = make_stages(lineage, request.sets, context, problems);
  if (approved) {
    approve_stages(stages, lineage.files.size() - 1);
  }
  settle_stages(stages, name, context, problems);
  Merged merged = merge_stages(stages, lineage, context, problems);
  settle_merged(merged, request, context, problems);
  if (!problems.empty()) {
    return problems.take();
  }
  std::vector<Error> gains = std::move(merged.gains);
  return Resolved{profile_of(lineage, stages, std::move(merged)), std::move(gains)};
}

bool is_foreign(const Lineage& lineage) {
  return lineage.files.back().layer.trust == Trust::kForeign;
}

// Not bound to the name of one sandbox or to --set, which only narrows.
Result<Approval> approval_of(const Lineage& lineage,
                             const Request& request,
                             const Context& context,
                             Problems& problems) {
  Request plain = request;
  plain.sets.clear();
  auto resolved = merge_lineage(lineage, plain, "${name}", is_foreign(lineage), context, problems);
  if (!resolved) {
    return fail_as(resolved);
  }
  Approval approval;
  approval.digest = approval_digest(lineage.files.back().path, resolved->profile, context);
  approval.profile = std::move(resolved->profile);
  approval.gains = std::move(resolved->gains);
  return approval;
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

// Whether a file of `directory`, and not `file` itself by a link, goes by that name.
bool is_taken(const std::string& name, const fs::path& directory, const SourceFile& file) {
  std::error_code missing;
  const fs::path other = fs::canonical(directory / (name + ".toml"), missing);
  return !directory.empty() && !missing && other != file.path;
}

// Lists and receipts name a profile: a stranger's is not to be taken for another there.
void check_names(const Lineage& lineage, const Context& context, Problems& problems) {
  for (const SourceFile& file : lineage.files) {
    const std::string& name = file.layer.name;
    const bool shipped = is_taken(name, context.shipped_dir, file);
    if (file.layer.trust != Trust::kForeign ||
        !(shipped || is_taken(name, context.user_dir, file))) {
      continue;
    }
    const Node* said = file.root.find("name");
    problems.add(ErrorCode::kUntrusted,
                 said == nullptr ? SourcePos{file.layer.file, 0, 0, 0} : said->where,
                 "a profile that is not yours is named '" + name + "', as " +
                     (shipped ? "one that ships with paddock" : "one of yours"),
                 "give it another: name = \"...\"");
  }
}

/// The files of a profile, or all that is wrong with them. With problems in the named one alone
/// the result serves to find what else is wrong.
Result<Lineage> read_lineage(const Request& request, const Context& context, Problems& problems) {
  if (context.cwd.empty()) {
    return fail(ErrorCode::kPathMissing,
                "the current folder does not exist any more, or cannot be reached",
                "change to the folder of the project");
  }
  Lineage lineage = collect_lineage(request.profile, context, problems);
  if (!problems.empty() && !lineage.mergeable) {
    return problems.take();
  }
  check_names(lineage, context, problems);
  return lineage;
}

/// In a project's own profile the project's folder takes the place of the current one: it means
/// the same wherever below the user stands.
Context seen_by(const Lineage& lineage, Context context) {
  const fs::path& path = lineage.files.back().path;
  if (is_project_path(path)) {
    context.cwd = folder_of_profile(path);
  }
  return context;
}

}  // namespace

Result<Profile> resolve(const Request& request, const Context& here) {
  Problems problems;
  const Result<Lineage> lineage = read_lineage(request, here, problems);
  if (!lineage) {
    return fail_as(lineage);
  }
  const Context context = seen_by(*lineage, here);
  bool approved = false;
  if (problems.empty() && is_foreign(*lineage) && has_approvals(context)) {
    const auto approval = approval_of(*lineage, request, context, problems);
    approved = approval && is_approved(approval->digest, context);
  }
  auto resolved = merge_lineage(*lineage, request, sandbox_name(request, *lineage), approved,
                                context, problems);
  if (!resolved) {
    return fail_as(resolved);
  }
  if (!approved) {
    note_own_parents(*lineage, resolved->profile);
  }
  return std::move(resolved->profile);
}

Result<Approval> prepare_approval(const Request& request, const Context& here) {
  Problems problems;
  const Result<Lineage> lineage = read_lineage(request, here, problems);
  if (!lineage) {
    return fail_as(lineage);
  }
  return approval_of(*lineage, request, seen_by(*lineage, here), problems);
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
