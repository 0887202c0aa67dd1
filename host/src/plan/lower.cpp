#include "plan/lower.hpp"

#include <cmath>

#include "base/units.hpp"
#include "paddock/contract/codec.hpp"
#include "plan/leaf_value.hpp"

namespace paddock::plan {
namespace {

std::optional<std::uint64_t> bytes_of(const Node& node) {
  if (node.text() != nullptr) {
    return parse_size(*node.text());
  }
  return node.integer() == nullptr ? std::nullopt
                                   : std::optional(static_cast<std::uint64_t>(*node.integer()));
}

double number_of(const Node& node) {
  const auto* decimal = std::get_if<double>(&node.value);
  return decimal != nullptr          ? *decimal
         : node.integer() == nullptr ? 0.0
                                     : static_cast<double>(*node.integer());
}

// A plan counts bytes and thousandths of a CPU, however the profile writes them.
std::string scalar(const std::string& pointer, const Node& node) {
  if (pointer.ends_with("_bytes")) {
    return std::to_string(bytes_of(node).value_or(0));
  }
  if (pointer.ends_with("_milli")) {
    return std::to_string(std::llround(number_of(node) * 1000));
  }
  return to_json(node);
}

// The mount with one key as it was: a root or a folder's mode stand for themselves.
std::string mount(const std::string& value, const std::string& key, const Node& node) {
  auto mount = mount_value(value);
  if (!mount) {
    return to_json(node);
  }
  const std::string text = node.text() == nullptr ? std::string{} : *node.text();
  if (key == "mode" || text == "ro" || text == "rw") {
    mount->read_only = text != "rw";
  } else if (key == "size") {
    mount->size_bytes = bytes_of(node).value_or(0);
  } else if (key == "exec") {
    mount->executable = node.boolean() == nullptr || *node.boolean();
  } else if (key == "volume") {
    mount->volume = text;
  } else if (!text.empty() && text.front() == '/') {
    mount->source = text;
  }
  return contract::encode(*mount);
}

}  // namespace

std::vector<Lower> lower_values(const std::string& pointer,
                                const std::string& value,
                                const Node& node) {
  std::vector<Lower> out;
  const bool mounted = pointer.starts_with("/mounts/");
  for (const Node& lower : node.lower) {
    out.push_back({&lower, mounted ? mount(value, "", lower) : scalar(pointer, lower)});
  }
  if (mounted && node.table() != nullptr) {
    for (const auto& [key, said] : *node.table()) {
      for (const Node& lower : said.lower) {
        out.push_back({&lower, mount(value, key, lower)});
      }
    }
  }
  return out;
}

}  // namespace paddock::plan
