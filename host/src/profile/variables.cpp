#include "profile/variables.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "profile/core_options.hpp"
#include "profile/names.hpp"

namespace paddock::profile {
namespace {

constexpr std::string_view kLiteral = "$${";
constexpr std::string_view kStart = "${";

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

// A text is a row of pieces: "$${", "${NAME}", a "${" without its end, and what is between them.
enum class Kind : std::uint8_t { kText, kEscape, kVariable, kOpen };

struct Piece {
  Kind kind;
  std::string_view bytes;
};

// The piece with which `text`, which is not empty, begins.
Piece first_piece(std::string_view text) {
  if (text.substr(0, kLiteral.size()) == kLiteral) {
    return {Kind::kEscape, text.substr(0, kLiteral.size())};
  }
  if (text.substr(0, kStart.size()) == kStart) {
    const std::size_t end = text.find('}');
    return end == std::string_view::npos ? Piece{Kind::kOpen, text}
                                         : Piece{Kind::kVariable, text.substr(0, end + 1)};
  }
  return {Kind::kText, text.substr(0, text.find('$', 1))};
}

template <typename Visit>
void each_piece(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const Piece piece = first_piece(text);
    visit(piece);
    text.remove_prefix(piece.bytes.size());
  }
}

std::string_view name_in(const Piece& piece) {
  return piece.bytes.substr(kStart.size(), piece.bytes.size() - kStart.size() - 1);
}

void check_text(const Node& node, std::string_view text, Problems& problems) {
  each_piece(text, [&](const Piece& piece) {
    if (piece.kind == Kind::kOpen) {
      problems.add(ErrorCode::kUnknownVariable, node.where, "'${' has no '}'",
                   "write $${ for the two characters themselves");
    } else if (piece.kind == Kind::kVariable && !is_variable(name_in(piece))) {
      const std::string name(name_in(piece));
      problems.add(ErrorCode::kUnknownVariable, node.where,
                   "no variable is named '" + shown(name) + "'", name_hint(name, variable_names()));
    }
  });
}

std::string expanded(std::string_view text, const Bindings& bindings, bool last) {
  std::string out;
  each_piece(text, [&](const Piece& piece) {
    const auto bound =
        piece.kind == Kind::kVariable ? bindings.find(std::string(name_in(piece))) : bindings.end();
    if (bound != bindings.end()) {
      out += bound->second;
    } else {
      out += piece.kind == Kind::kEscape && last ? kStart : piece.bytes;
    }
  });
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

bool names_variable(std::string_view text, std::string_view name) {
  bool found = false;
  each_piece(text, [&](const Piece& piece) {
    found = found || (piece.kind == Kind::kVariable && name_in(piece) == name);
  });
  return found;
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
