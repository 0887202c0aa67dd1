#include "plugin/manifest_options.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/units.hpp"
#include "plugin/manifest.hpp"

namespace paddock::plugin {
namespace {

/// In the order of the enumerators.
const std::vector<std::string> kTypeNames = {"boolean", "integer", "size",      "number",
                                             "text",    "texts",   "text-table"};
const std::vector<std::string> kNarrowingNames = {
    "free", "fixed", "true", "false", "less", "subset", "superset", "stricter", "more-bits"};

using Need = TableReader::Need;

bool is_key_part(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_dotted_key(std::string_view key) {
  while (true) {
    const std::size_t dot = key.find('.');
    if (!is_key_part(key.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    key.remove_prefix(dot + 1);
  }
}

bool narrows(OptionType type, Narrowing narrowing) {
  switch (narrowing) {
    case Narrowing::kFree:
    case Narrowing::kFixed:
      return true;
    case Narrowing::kTrue:
    case Narrowing::kFalse:
      return type == OptionType::kBoolean;
    case Narrowing::kLess:
      return type == OptionType::kInteger || type == OptionType::kSize ||
             type == OptionType::kNumber;
    case Narrowing::kSubset:
    case Narrowing::kSuperset:
      return type == OptionType::kTexts || type == OptionType::kTextTable;
    case Narrowing::kStricter:
    case Narrowing::kMoreBits:
      return type == OptionType::kText;
    case Narrowing::kInside:  // of the host's own keys alone: plugins have no name for it
      return false;
  }
  return false;
}

bool all_texts(const Node& node) {
  const auto is_text = [](const Node& item) { return item.text() != nullptr; };
  if (const Node::Array* array = node.array()) {
    return std::all_of(array->begin(), array->end(), is_text);
  }
  const Node::Table* table = node.table();
  return table != nullptr && std::all_of(table->begin(), table->end(),
                                         [&](const auto& item) { return is_text(item.second); });
}

bool has_type(const Node& node, OptionType type) {
  switch (type) {
    case OptionType::kBoolean:
      return node.boolean() != nullptr;
    case OptionType::kInteger:
      return node.integer() != nullptr;
    case OptionType::kSize:
      return (node.integer() != nullptr && *node.integer() >= 0) ||
             (node.text() != nullptr && parse_size(*node.text()).has_value());
    case OptionType::kNumber:
      return node.integer() != nullptr || std::holds_alternative<double>(node.value);
    case OptionType::kText:
      return node.text() != nullptr;
    case OptionType::kTexts:
      return node.array() != nullptr && all_texts(node);
    case OptionType::kTextTable:
      return node.table() != nullptr && all_texts(node);
  }
  return false;
}

class RowReader {
 public:
  RowReader(const Node& row, Problems& problems)
      : row_(row), reader_(row, "[[option]]", problems), problems_(problems) {}

  std::optional<OptionSpec> read() {
    OptionSpec spec;
    const auto key = reader_.text("key", Need::kRequired);
    const auto type = reader_.choice("type", kTypeNames, Need::kRequired);
    const auto narrowing = reader_.choice("narrowing", kNarrowingNames);
    const auto doc = reader_.text("doc", Need::kRequired);
    spec.choices = reader_.texts("choices").value_or(std::vector<std::string>{});
    spec.minimum = reader_.integer("minimum");
    spec.maximum = reader_.integer("maximum");
    spec.required = reader_.boolean("required").value_or(false);
    if (const Node* value = reader_.node("default")) {
      spec.default_value = *value;
    }
    reader_.finish();
    if (!key || !type || !doc) {
      return std::nullopt;
    }
    spec.key = *key;
    spec.doc = *doc;
    spec.type = static_cast<OptionType>(*type);
    // What nobody thought about may not be changed by a later layer.
    spec.narrowing = narrowing ? static_cast<Narrowing>(*narrowing) : Narrowing::kFixed;
    check(spec);
    return spec;
  }

 private:
  void check(const OptionSpec& spec) {
    if (!is_dotted_key(spec.key)) {
      bad("key", "bad option key '" + spec.key + "'",
          "keys are parts of [a-z0-9_] with dots between them");
    }
    if (spec.doc.empty() || spec.doc.find('\n') != std::string::npos) {
      bad("doc", "'doc' of option '" + spec.key + "' is not one line of text");
    }
    if (!narrows(spec.type, spec.narrowing)) {
      bad("narrowing", "narrowing '" + std::string(narrowing_name(spec.narrowing)) +
                           "' does not go with type '" + std::string(option_type_name(spec.type)) +
                           "'");
    }
    check_choices(spec);
    check_range(spec);
    check_default(spec);
  }

  void check_choices(const OptionSpec& spec) {
    if (!spec.choices.empty() && spec.type != OptionType::kText &&
        spec.type != OptionType::kTexts) {
      bad("choices", "'choices' goes with types 'text' and 'texts' only");
    }
    if (spec.choices.empty() && spec.narrowing == Narrowing::kStricter) {
      bad("narrowing", "narrowing 'stricter' needs 'choices', strictest first");
    }
  }

  void check_range(const OptionSpec& spec) {
    const bool numeric = spec.type == OptionType::kInteger || spec.type == OptionType::kSize ||
                         spec.type == OptionType::kNumber;
    if (!numeric && spec.minimum) {
      bad("minimum", "'minimum' goes with numbers only");
    }
    if (!numeric && spec.maximum) {
      bad("maximum", "'maximum' goes with numbers only");
    }
    if (spec.minimum && spec.maximum && *spec.minimum > *spec.maximum) {
      bad("minimum", "'minimum' is above 'maximum'");
    }
  }

  void check_default(const OptionSpec& spec) {
    if (!spec.default_value) {
      return;
    }
    if (spec.required) {
      bad("default", "option '" + spec.key + "' is required and has a default");
    }
    if (!has_type(*spec.default_value, spec.type)) {
      bad("default", "default of option '" + spec.key + "' is not of type '" +
                         std::string(option_type_name(spec.type)) + "'");
      return;
    }
    const std::string* text = spec.default_value->text();
    if (text != nullptr && !spec.choices.empty() &&
        std::find(spec.choices.begin(), spec.choices.end(), *text) == spec.choices.end()) {
      bad("default", "default '" + *text + "' is not among the choices",
          name_hint(*text, spec.choices));
    }
    const std::int64_t* number = spec.default_value->integer();
    if (number != nullptr &&
        ((spec.minimum && *number < *spec.minimum) || (spec.maximum && *number > *spec.maximum))) {
      bad("default", "default " + std::to_string(*number) + " is out of range");
    }
  }

  void bad(const std::string& key, std::string what, std::string hint = {}) {
    const Node* node = row_.find(key);
    problems_.add(ErrorCode::kBadValue, node != nullptr ? node->where : row_.where, std::move(what),
                  std::move(hint));
  }

  const Node& row_;
  TableReader reader_;
  Problems& problems_;
};

void check_distinct(const std::vector<OptionSpec>& specs,
                    const OptionSpec& added,
                    const Node& row,
                    Problems& problems) {
  for (const OptionSpec& other : specs) {
    if (other.key == added.key) {
      problems.add(ErrorCode::kDuplicate, row.find("key")->where,
                   "option '" + added.key + "' is declared twice");
    } else if (added.key.starts_with(other.key + ".") || other.key.starts_with(added.key + ".")) {
      problems.add(ErrorCode::kDuplicate, row.find("key")->where,
                   "option '" + added.key + "' and option '" + other.key + "' lie in each other");
    }
  }
}

}  // namespace

std::vector<OptionSpec> read_options(const Node& rows, Problems& problems) {
  std::vector<OptionSpec> specs;
  if (rows.array() == nullptr) {
    problems.add(ErrorCode::kWrongType, rows.where, "'option' is a list of [[option]] tables");
    return specs;
  }
  for (const Node& row : *rows.array()) {
    if (row.table() == nullptr) {
      problems.add(ErrorCode::kWrongType, row.where, "'option' is a list of [[option]] tables");
      continue;
    }
    if (auto spec = RowReader(row, problems).read()) {
      check_distinct(specs, *spec, row, problems);
      specs.push_back(std::move(*spec));
    }
  }
  return specs;
}

std::string_view option_type_name(OptionType type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

std::string_view narrowing_name(Narrowing narrowing) {
  return kNarrowingNames[static_cast<std::size_t>(narrowing)];
}

}  // namespace paddock::plugin
