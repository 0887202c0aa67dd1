#include "plan/assemble.hpp"

#include <nlohmann/json.hpp>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/leaves.hpp"

namespace paddock::plan {
namespace {

using Json = nlohmann::json;

void apply(Json& document, const std::string& pointer, const std::optional<std::string>& value) {
  Json* node = &document;
  std::size_t from = 1;
  for (std::size_t slash = pointer.find('/', from); slash != std::string::npos;
       slash = pointer.find('/', from)) {
    node = &(*node)[contract::unescape_pointer(pointer.substr(from, slash - from))];
    from = slash + 1;
  }
  const std::string key = contract::unescape_pointer(pointer.substr(from));
  if (value) {
    (*node)[key] = Json::parse(*value, nullptr, false);
  } else {
    node->erase(key);
  }
}

}  // namespace

Result<contract::Plan> apply_edits(const contract::Plan& plan, const Edits& edits) {
  if (edits.empty()) {
    return plan;
  }
  Json document = Json::parse(contract::encode(plan), nullptr, false);
  for (const auto& [pointer, value] : edits) {
    apply(document, pointer, value);
  }
  return contract::decode<contract::Plan>(document.dump());
}

}  // namespace paddock::plan
