#include "cli/receipt_view.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "cli/output.hpp"
#include "cli/place.hpp"
#include "cli/plan_view.hpp"
#include "cli/sections.hpp"
#include "plan/builder.hpp"

namespace paddock::cli {
namespace {

using Json = nlohmann::json;
using Row = std::vector<Cell>;

/// One list of the receipt.
struct List {
  const char* key;
  const char* kind;
  std::vector<std::string> header;
  Row (*row)(const Json& item);
};

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? "-"
         : found->is_string()                      ? found->get<std::string>()
                                                   : found->dump();
}

Cell cell(const Json& object, const char* key) {
  return {text_of(object, key), Style::kNone};
}

Row plugin_row(const Json& plugin) {
  return {cell(plugin, "id"), cell(plugin, "version"), cell(plugin, "digest")};
}

Style verdict_style(const std::string& verdict) {
  return verdict == "holds" ? Style::kGood : verdict == "fails" ? Style::kBad : Style::kWarn;
}

Row ledger_row(const Json& entry) {
  const Json& checks = entry.at("checks");
  const auto held = std::count_if(checks.begin(), checks.end(), [](const Json& check) {
    return check.at("holds") == true && check.at("evidence") != "assumed";
  });
  const std::string verdict = text_of(entry, "verdict");
  return {cell(entry, "protection"),
          {verdict, verdict_style(verdict)},
          cell(entry, "evidence"),
          {std::to_string(held) + "/" + std::to_string(checks.size()), Style::kNone},
          cell(entry, "mechanism")};
}

Row leaf_row(const Json& leaf) {
  const std::string path = text_of(leaf, "path");
  const Json& answer = leaf.at("answer");
  return {{setting_name(path), Style::kNone},
          {setting_value(path, plan::shown_value(path, leaf.at("value").dump())), Style::kBold},
          {short_place(text_of(leaf, "where")), Style::kNone},
          cell(leaf, "owner"),
          cell(answer, "status"),
          cell(answer, answer.contains("why") ? "why" : "mechanism")};
}

Row remark_row(const Json& remark) {
  return {{remark.get<std::string>(), Style::kNone}};
}

List ledger_list() {
  return {
      "ledger", "ledger", {"PROTECTION", "VERDICT", "EVIDENCE", "CHECKS", "MECHANISM"}, ledger_row};
}

const std::vector<List>& lists() {
  static const std::vector<List> all{
      {"plugins", "plugin", {"PLUGIN", "VERSION", "DIGEST"}, plugin_row},
      ledger_list(),
      {"leaves",
       "leaf",
       {"SETTING", "VALUE", "FROM", "OWNER", "ANSWER", "BY WHAT, OR WHY NOT"},
       leaf_row},
      {"dropped", "dropped", {"LEFT OUT"}, remark_row},
      {"widenings", "widening", {"WIDENED"}, remark_row},
      {"notices", "notice", {"NOTICE"}, remark_row},
  };
  return all;
}

TableView facts_table(const Json& receipt) {
  TableView table;
  for (const char* key : {"name", "instance", "profile", "backend", "started_at", "holds",
                          "profile_digest", "plan_digest", "gate_digest", "digest", "schema"}) {
    table.rows.push_back({{key, Style::kDim}, cell(receipt, key)});
  }
  return table;
}

Failure misread(const Json::exception& error) {
  return fail(ErrorCode::kStateCorrupt,
              std::string("the receipt is not what its schema says: ") + error.what());
}

Section section_of(const Json& receipt, const List& list) {
  Section section{list.kind, {list.header, {}}};
  for (const Json& item : receipt.at(list.key)) {
    section.table.rows.push_back(list.row(item));
  }
  return section;
}

std::string all_tables(const Json& receipt, bool plain) {
  std::vector<Section> sections{{"fact", facts_table(receipt)}};
  for (const List& list : lists()) {
    sections.push_back(section_of(receipt, list));
  }
  return render_sections(sections, plain);
}

}  // namespace

Result<std::string> receipt_text(std::string_view json, bool plain) {
  try {
    return all_tables(Json::parse(json), plain);
  } catch (const Json::exception& error) {
    return misread(error);
  }
}

Result<TableView> receipt_ledger(std::string_view json) {
  try {
    return section_of(Json::parse(json), ledger_list()).table;
  } catch (const Json::exception& error) {
    return misread(error);
  }
}

}  // namespace paddock::cli
