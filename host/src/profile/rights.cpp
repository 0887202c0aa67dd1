#include "profile/rights.hpp"

#include "profile/history.hpp"

namespace paddock::profile {
namespace {

SourcePos key_place(const Node& value) {
  return value.key_where.line == 0 ? value.where : value.key_where;
}

}  // namespace

void Rights::enter(const Stage& stage) {
  stage_ = &stage;
  if (!is_own() && stage.kind == StageKind::kFile) {
    ask_for_powers();
  }
}

bool Rights::is_own() const {
  return stage_->may_widen && stage_->layer.trust != Trust::kApproved;
}

// What only who may widen can do: approved, it is listed; else it is a problem.
bool Rights::refused(Error error) {
  if (!stage_->may_widen) {
    problems_.add(std::move(error));
    return false;
  }
  gains_.push_back(std::move(error));
  return true;
}

bool Rights::widened(const std::string& path,
                     const Node& value,
                     const Node& held,
                     bool by_default,
                     std::string_view rule) {
  if (stage_->may_widen && stage_->layer.trust == Trust::kShipped) {
    return true;
  }
  const std::string change = "'" + path + "' = " + to_json(value) + " loosens " + to_json(held);
  if (stage_->may_widen) {
    write_down(value.where,
               change + (by_default ? ", the default" : " of " + place_text(held.where)));
  }
  if (is_own()) {
    add_power(value.where, change);
    return true;
  }
  Error error = fail_at(ErrorCode::kWidening, value.where, change).value();
  error.context.push_back(by_default ? "by default it is " + to_json(held)
                                     : problems_.cited("fixed by", held.where));
  error.hints.push_back("'" + path + "' " + std::string(rule) + remedy());
  return refused(std::move(error));
}

void Rights::write_down(const SourcePos& where, const std::string& change) {
  widenings_.push_back(place_text(where) + ": " + change);
}

std::string Rights::remedy() const {
  if (stage_->kind == StageKind::kSet) {
    return " on the command line; a profile of your own may widen";
  }
  return " here; to allow it: " + approving();
}

std::string Rights::approving() const {
  return "paddock profile approve '" + stage_->layer.file + "'";
}

bool Rights::asked(const Node& value, const std::string& what, const std::string& detail) {
  if (is_own()) {
    return true;
  }
  const bool set = stage_->kind == StageKind::kSet;
  Error error = fail_at(set ? ErrorCode::kWidening : ErrorCode::kUntrusted, key_place(value),
                        (set ? "--set " : "a profile that is not yours ") + what)
                    .value();
  if (!detail.empty()) {
    error.context.push_back("in full: " + detail);
  }
  error.hints.push_back(set ? "write it into a profile of your own"
                            : "look at it, then: " + approving());
  return refused(std::move(error));
}

bool Rights::granted(const Node& value, const std::string& what, const std::string& detail) {
  add_power(key_place(value), what);
  return asked(value, what, detail);
}

void Rights::add_power(const SourcePos& where, const std::string& what, const Node* root) {
  if (is_own() && (root != nullptr || stage_->layer.trust == Trust::kUser)) {
    powers_.push_back({stage_->file, place_text(where) + ": " + what, root});
  }
}

void Rights::ask_for_powers() {
  const SourceFile& file = lineage_.files[stage_->file];
  const std::vector<Parent>& parents = lineage_.parents[stage_->file];
  for (const Parent& parent : parents) {
    Error error = fail_at(ErrorCode::kUntrusted, file.extends[parent.entry].where,
                          "a profile that is not yours takes over what '" +
                              lineage_.files[parent.file].layer.name + "' grants")
                      .value();
    error.context = powers_of(parent.file);
    error.hints.push_back("look at it, then: " + approving());
    if (!error.context.empty()) {
      refused(std::move(error));
    }
  }
}

std::vector<std::string> Rights::powers_of(std::size_t file) const {
  std::vector<std::string> out;
  for (const Power& power : powers_) {
    const bool reached = power.file == file || lineage_.ancestors[file][power.file];
    const bool anyway = power.root != nullptr && is_near(*power.root->text());
    if (reached && !anyway) {
      out.push_back(power.what);
    }
  }
  return out;
}

// The folder that the user stands in, or the profile's own.
bool Rights::is_near(const std::string& root) const {
  return is_inside(root, stage_->own_folder.string()) || is_inside(root, context_.cwd.string());
}

}  // namespace paddock::profile
