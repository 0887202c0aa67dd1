#include "base/node.hpp"

#include <nlohmann/json.hpp>

namespace paddock {
namespace {

using Json = nlohmann::ordered_json;

struct ToJson {
  Json operator()(const Node::Array& array) const {
    Json out = Json::array();
    for (const Node& item : array) {
      out.push_back(std::visit(*this, item.value));
    }
    return out;
  }
  Json operator()(const Node::Table& table) const {
    Json out = Json::object();
    for (const auto& [key, item] : table) {
      out[key] = std::visit(*this, item.value);
    }
    return out;
  }
  template <typename Scalar>
  Json operator()(const Scalar& scalar) const {
    return scalar;
  }
};

template <typename AnyNode>
AnyNode* find_in(AnyNode* node, std::string_view path) {
  while (node != nullptr && !path.empty()) {
    auto* table = std::get_if<Node::Table>(&node->value);
    if (table == nullptr) {
      return nullptr;
    }
    const std::size_t dot = path.find('.');
    const auto found = table->find(std::string(path.substr(0, dot)));
    node = found == table->end() ? nullptr : &found->second;
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return node;
}

}  // namespace

const Node* Node::find(std::string_view path) const {
  return find_in(this, path);
}

Node* Node::find(std::string_view path) {
  return find_in(this, path);
}

std::string_view type_name(const Node& node) {
  struct Name {
    std::string_view operator()(bool) const { return "a boolean"; }
    std::string_view operator()(std::int64_t) const { return "an integer"; }
    std::string_view operator()(double) const { return "a decimal number"; }
    std::string_view operator()(const std::string&) const { return "a string"; }
    std::string_view operator()(const Node::Array&) const { return "an array"; }
    std::string_view operator()(const Node::Table&) const { return "a table"; }
  };
  return std::visit(Name{}, node.value);
}

std::string to_json(const Node& node) {
  return std::visit(ToJson{}, node.value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace paddock
