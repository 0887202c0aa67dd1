#include "profile/variables.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "profile/core_options.hpp"
#include "profile/names.hpp"

namespace paddock::profile {
namespace {

constexpr std::string_view kEscape = "$${";
constexpr std::string_view kOpen = "${";

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (const VariableSpec& variable : variables()) {
    names.push_back(variable.name);
  }
  return names;
}

bool is_variable(std::string_view name) {
  return std::any_of(variables().begin(), variables().end(),
                     [&](const VariableSpec& variable) { return variable.name == name; });
}

void check_text(const Node& node, std::string_view text, Problems& problems) {
  for (std::size_t at = text.find('$'); at < text.size(); at = text.find('$', at)) {
    if (text.substr(at, kEscape.size()) == kEscape) {
      at += kEscape.size();
      continue;
    }
    if (text.substr(at, kOpen.size()) != kOpen) {
      ++at;
      continue;
    }
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) {
      problems.add(ErrorCode::kUnknownVariable, node.where, "'${' has no '}'",
                   "write $${ for the two characters themselves");
      return;
    }
    const std::string name(text.substr(at + kOpen.size(), end - at - kOpen.size()));
    if (!is_variable(name)) {
      problems.add(ErrorCode::kUnknownVariable, node.where,
                   "no variable is named '" + shown(name) + "'", name_hint(name, variable_names()));
    }
    at = end + 1;
  }
}

std::string expanded(const std::string& text, const Bindings& bindings, bool last) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t dollar = std::min(text.find('$', at), text.size());
    out.append(text, at, dollar - at);
    at = dollar;
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.substr(0, kEscape.size()) == kEscape) {
      out += last ? kOpen : kEscape;
      at += kEscape.size();
    } else if (rest.substr(0, kOpen.size()) == kOpen && rest.find('}') != std::string_view::npos) {
      const std::size_t end = rest.find('}');
      const auto bound = bindings.find(rest.substr(kOpen.size(), end - kOpen.size()));
      out += bound == bindings.end() ? rest.substr(0, end + 1) : std::string_view(bound->second);
      at += end + 1;
    } else if (!rest.empty()) {
      out += '$';
      ++at;
    }
  }
  return out;
}

}  // namespace

void check_variables(const Node& node, Problems& problems) {
  if (const auto* text = node.text()) {
    check_text(node, *text, problems);
  } else if (const auto* items = node.array()) {
    for (const Node& item : *items) {
      check_variables(item, problems);
    }
  } else if (const auto* table = node.table()) {
    for (const auto& [key, item] : *table) {
      check_variables(item, problems);
    }
  }
}

void expand_variables(Node& node, const Bindings& bindings, bool last) {
  if (auto* text = std::get_if<std::string>(&node.value)) {
    if (text->find('$') != std::string::npos) {
      *text = expanded(*text, bindings, last);
    }
  } else if (auto* items = std::get_if<Node::Array>(&node.value)) {
    for (Node& item : *items) {
      expand_variables(item, bindings, last);
    }
  } else if (auto* table = std::get_if<Node::Table>(&node.value)) {
    for (auto& [key, item] : *table) {
      expand_variables(item, bindings, last);
    }
  }
}

}  // namespace paddock::profile
