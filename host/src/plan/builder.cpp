#include "plan/builder.hpp"

#include <algorithm>
#include <limits>

#include "base/units.hpp"
#include "plan/lower.hpp"
#include "plan/required.hpp"

namespace paddock::plan {
namespace {

// A node without a place or layer is a default of the loader.
bool is_written(const Node* node) {
  return node != nullptr && (node->where.line != 0 || !node->layer.empty());
}

Origin origin_of(const Node* node, const std::string& value) {
  Origin origin;
  origin.owner = is_written(node) ? "profile" : "paddock";
  origin.value = value;
  if (is_written(node)) {
    origin.where = node->where;
    origin.layer = node->layer;
  }
  return origin;
}

// The leaf's own, then what other layers said of it.
std::vector<Origin> origins_of(const contract::Leaf& leaf, const Node* node) {
  std::vector<Origin> out = {origin_of(node, shown_value(leaf.pointer, leaf.value))};
  if (node == nullptr) {
    return out;
  }
  for (const Lower& lower : lower_values(leaf.pointer, leaf.value, *node)) {
    out.push_back(origin_of(lower.node, shown_value(leaf.pointer, lower.value)));
  }
  return out;
}

}  // namespace

std::string shown_value(std::string_view pointer, std::string value) {
  return pointer.starts_with("/process/environment/") ? "\"(not shown)\"" : std::move(value);
}

Error collect(std::vector<Error> problems) {
  Error first = std::move(problems.front());
  first.others.insert(first.others.end(), std::make_move_iterator(problems.begin() + 1),
                      std::make_move_iterator(problems.end()));
  return first;
}

Builder::Builder(const profile::Profile& from_profile, const LaunchFacts& launch_facts)
    : profile(from_profile), facts(launch_facts) {}

void Builder::problem(Error error) {
  problems_.push_back(std::move(error));
}

void Builder::problem(const Node* node, ErrorCode code, std::string what, std::string hint) {
  Error error = fail(code, std::move(what), std::move(hint)).value();
  if (node != nullptr && node->where.line != 0) {
    error.where = node->where;
  }
  problem(std::move(error));
}

void Builder::notice(const Node* node, std::string line) {
  const auto& layers = profile.layers;
  const bool shipped =
      node != nullptr && std::any_of(layers.begin(), layers.end(), [&](const auto& layer) {
        return layer.trust == profile::Trust::kShipped && layer.file == node->where.file;
      });
  (shipped ? draft.asides : draft.notices).push_back(std::move(line));
}

std::optional<std::string> Builder::text(const Node* node, std::string_view name) {
  if (node == nullptr) {
    return std::nullopt;
  }
  if (node->text() == nullptr) {
    problem(node, ErrorCode::kWrongType, "'" + std::string(name) + "' must be a string");
    return std::nullopt;
  }
  return *node->text();
}

std::optional<bool> Builder::boolean(const Node* node, std::string_view name) {
  if (node == nullptr) {
    return std::nullopt;
  }
  if (node->boolean() == nullptr) {
    problem(node, ErrorCode::kWrongType, "'" + std::string(name) + "' must be true or false");
    return std::nullopt;
  }
  return *node->boolean();
}

std::optional<std::uint64_t> Builder::unsigned_integer(const Node* node, std::string_view name) {
  if (node == nullptr) {
    return std::nullopt;
  }
  if (node->integer() == nullptr || *node->integer() < 0) {
    problem(node, ErrorCode::kWrongType,
            "'" + std::string(name) + "' must be an integer from 0 on");
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*node->integer());
}

std::optional<std::uint64_t> Builder::size(const Node* node, std::string_view name) {
  if (node == nullptr || node->integer() != nullptr) {
    return unsigned_integer(node, name);
  }
  const auto parsed = node->text() == nullptr ? std::nullopt : parse_size(*node->text());
  if (!parsed) {
    problem(node, ErrorCode::kWrongType, "'" + std::string(name) + "' must be a size",
            "write a whole number and a unit, such as \"512MiB\"");
  }
  return parsed;
}

std::vector<std::string> Builder::texts(const Node* node, std::string_view name) {
  std::vector<std::string> out;
  if (node == nullptr) {
    return out;
  }
  if (node->array() == nullptr) {
    problem(node, ErrorCode::kWrongType, "'" + std::string(name) + "' must be an array of strings");
    return out;
  }
  for (const Node& item : *node->array()) {
    if (auto value = text(&item, name)) {
      out.push_back(std::move(*value));
    }
  }
  return out;
}

void Builder::came_from(std::string pointer, const Node* node) {
  sources_[std::move(pointer)] = node;
}

Result<Draft> Builder::finish() && {
  if (!problems_.empty()) {
    return Failure(collect(std::move(problems_)));
  }
  for (const contract::Leaf& leaf : contract::leaves(draft.plan)) {
    const auto source = sources_.find(leaf.pointer);
    const Node* node = source == sources_.end() ? nullptr : source->second;
    draft.origins[leaf.pointer] = origins_of(leaf, node);
  }
  draft.required = required_protections(draft);
  return std::move(draft);
}

}  // namespace paddock::plan
