// The ledger as a yes, or as an error that says all of why not.
#include "base/text.hpp"
#include "plan/required.hpp"
#include "proof/proof.hpp"

namespace paddock::proof {
namespace {

std::string place_text(const SourcePos& where) {
  return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

const plan::Origin* origin_of(const plan::Draft& draft, const std::string& pointer) {
  const auto found = draft.origins.find(pointer);
  return found == draft.origins.end() || found->second.empty() ? nullptr : &found->second.front();
}

const plan::Origin* origin_of(const plan::Draft& draft, const Entry& entry, const Check* check) {
  if (check != nullptr && !check->subject.empty()) {
    if (const plan::Origin* origin = origin_of(draft, check->subject)) {
      return origin;
    }
  }
  for (const std::string& leaf : entry.leaves) {
    if (const plan::Origin* origin = origin_of(draft, leaf)) {
      return origin;
    }
  }
  const auto demand = draft.demands.find(entry.protection);
  return demand == draft.demands.end() ? nullptr : &demand->second;
}

/// " (asked for by web.toml:3:1)", by a plugin, or by every sandbox.
std::string asker(const plan::Origin* origin) {
  if (origin == nullptr) {
    return " (every sandbox has this)";
  }
  if (origin->where.line != 0) {
    return " (asked for by " + place_text(origin->where) + ")";
  }
  return " (asked for by " + origin->owner + ")";
}

std::string line_of(const plan::Draft& draft, const Entry& entry, const Check& check) {
  return entry.protection + ": " + check.what + ": expected " + check.expected + ", seen " +
         check.seen + asker(origin_of(draft, entry, &check));
}

void add_lines(const plan::Draft& draft, const Entry& entry, std::vector<std::string>& lines) {
  if (entry.checks.empty()) {
    lines.push_back(entry.protection + ": nothing can check it here" +
                    asker(origin_of(draft, entry, nullptr)));
  }
  for (const Check& check : entry.checks) {
    if (!check.holds) {
      lines.push_back(line_of(draft, entry, check));
    }
  }
}

}  // namespace

Result<void> require(const Ledger& ledger, const plan::Draft& draft, std::string hint) {
  std::vector<std::string> names;
  std::vector<std::string> lines;
  for (const Entry& entry : ledger.entries) {
    if (entry.verdict == Verdict::kFails) {
      names.push_back(entry.protection);
      add_lines(draft, entry, lines);
    }
  }
  if (names.empty()) {
    return {};
  }
  Error error;
  error.code = ErrorCode::kUnproved;
  error.what = names.size() == 1
                   ? "a protection does not hold in the sandbox: " + names.front()
                   : std::to_string(names.size()) +
                         " protections do not hold in the sandbox: " + join(names, ", ");
  error.context = std::move(lines);
  error.hints = {std::move(hint)};
  return Failure(std::move(error));
}

}  // namespace paddock::proof
