// The tables of `paddock plan`.
#include "base/text.hpp"
#include "cli/output.hpp"
#include "cli/place.hpp"
#include "cli/plan_rows.hpp"
#include "cli/plan_view.hpp"

namespace paddock::cli {
namespace {

std::string place(const plan::Origin& origin) {
  const std::string text = place_text(origin.where);
  if (!text.empty()) {
    return text;
  }
  return origin.layer.empty() ? "built-in" : origin.layer;
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

Cell here_cell(const HereRow& here) {
  switch (here.status) {
    case HereRow::Status::kUnsaid:
      return {"-", Style::kDim};
    case HereRow::Status::kSupported:
    case HereRow::Status::kEnforced:
      return {here.mechanism, Style::kGood};
    case HereRow::Status::kDelegated:
      return {"delegated to: " + here.mechanism, Style::kGood};
    case HereRow::Status::kLetGo:
      return {"not enforced: " + here.mechanism, Style::kWarn};
    case HereRow::Status::kCannotHold:
      break;
  }
  return {"CANNOT HOLD: " + here.mechanism, Style::kBad};
}

void add_leaf(TableView& table, const LeafRow& row) {
  const plan::Origin& winner = row.origins.front();
  table.rows.push_back({{setting_name(row.pointer), Style::kNone},
                        {setting_value(row.pointer, row.value), Style::kBold},
                        {place(winner), Style::kNone},
                        {winner.owner, Style::kNone},
                        {row.rule, Style::kDim},
                        here_cell(row.here)});
  for (std::size_t i = 1; i < row.origins.size(); ++i) {
    const plan::Origin& loser = row.origins[i];
    // What a built-in said before, and a list that added nothing, are no news.
    if (loser.owner != "paddock" && loser.value != "[]") {
      table.rows.push_back({{"  overrides", Style::kDim},
                            {setting_value(row.pointer, loser.value), Style::kDim},
                            {place(loser), Style::kDim},
                            {loser.owner, Style::kDim},
                            {"", Style::kNone},
                            {"", Style::kNone}});
    }
  }
}

void add_hook(TableView& table, const plan::HookCall& call) {
  table.rows.push_back({{"hooks[" + call.id + "]", Style::kNone},
                        {call.phase, Style::kBold},
                        {place(call.origin), Style::kNone},
                        {call.origin.owner, Style::kNone},
                        {"", Style::kDim},
                        {"acts on this machine, outside the sandbox", Style::kWarn}});
}

TableView protections_table(const plan::Planned& planned) {
  TableView table;
  table.header = {"PROTECTION", "HERE", "EVIDENCE BEFORE RELEASE"};
  for (const HereRow& row : here_rows(planned)) {
    table.rows.push_back(
        {{row.protection, Style::kNone}, here_cell(row), {row.evidence, Style::kDim}});
  }
  return table;
}

std::string backend_line(const plan::Planned& planned) {
  const Backend backend = backend_of(planned);
  if (backend.id.empty()) {
    return "backend: none is installed\n";
  }
  const std::string version = backend.probe->version.empty() ? "" : " " + backend.probe->version;
  return "backend: " + printable(backend.id + version) +
         (planned.refusal ? ", which cannot run this plan\n" : "\n");
}

std::string lines(std::string_view label, const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& line : list) {
    out += std::string(label) + ": " + printable(line) + "\n";
  }
  return out;
}

}  // namespace

std::string plan_text(const plan::Planned& planned,
                      const std::vector<std::string>& notices,
                      bool plain) {
  TableView table;
  table.header = {"SETTING", "VALUE", "FROM", "OWNER", "RULE", "HERE"};
  for (const LeafRow& row : leaf_rows(planned)) {
    add_leaf(table, row);
  }
  for (const plan::HookCall& call : planned.draft.hooks) {
    add_hook(table, call);
  }
  std::string out = render_table(table, plain);
  if (plain) {
    return out;
  }
  out += "\n" + render_table(protections_table(planned), false) + "\n";
  out += lines("notice", notices) + lines("notice", planned.draft.notices);
  out += lines("notice", planned.draft.asides);
  out += lines("widened", planned.draft.widenings);
  out += lines("left out", planned.draft.dropped) + backend_line(planned);
  out += "command: " + printable(join(planned.draft.plan.process.command, " ")) + "\n";
  return out + "Nothing was changed.\n";
}

std::string diff_text(const std::string& before,
                      const std::string& after,
                      const std::vector<plan::Difference>& differences,
                      bool plain) {
  TableView table;
  table.header = {"", "SETTING", before, after, "MEANING"};
  std::size_t gained = 0;
  std::size_t lost = 0;
  for (const plan::Difference& one : differences) {
    const bool gain = one.power == plan::Difference::Power::kGained;
    const bool loss = one.power == plan::Difference::Power::kLost;
    gained += gain ? 1 : 0;
    lost += loss ? 1 : 0;
    const std::string sign = gain ? "+ gained" : loss ? "- lost" : "~ changed";
    table.rows.push_back(
        {{sign, gain   ? Style::kBad
                : loss ? Style::kGood
                       : Style::kNone},
         {setting_name(one.pointer), Style::kNone},
         {one.before.empty() ? "-" : setting_value(one.pointer, one.before), Style::kNone},
         {one.after.empty() ? "-" : setting_value(one.pointer, one.after), Style::kNone},
         {one.meaning, Style::kDim}});
  }
  if (differences.empty()) {
    return plain ? "" : "the plans of '" + before + "' and '" + after + "' are the same\n";
  }
  std::string out = render_table(table, plain);
  if (!plain) {
    const std::size_t others = differences.size() - gained - lost;
    out += "\nfrom '" + before + "' to '" + after + "': " + counted(gained, "power") + " gained, " +
           std::to_string(lost) + " lost, " + counted(others, "other change") + "\n";
  }
  return out;
}

}  // namespace paddock::cli
