// The checked-in schemas are the generated ones, and describe what the codec accepts.
#include <filesystem>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/message_list.hpp"
#include "paddock/contract/messages.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::contract;

namespace {

const std::filesystem::path kSchemas =
    std::filesystem::path(PADDOCK_SOURCE_DIR) / "plugin-api/schema";

void check_file(const std::string& name, const std::string& generated) {
  INFO("schema/" << name << ".json; after a change of the messages: ninja paddock-schemas");
  CHECK(test::read_text(kSchemas / (name + ".json")) == generated);
}

// Enough of draft-07 for our own schemas: says the pointer of the first violation, or "".
std::string violation(const JsonValue& root, const JsonValue& schema, const JsonValue& value);

std::string members_violation(const JsonValue& root,
                              const JsonValue& schema,
                              const JsonValue& value) {
  const JsonValue* properties = schema.find("properties");
  const JsonValue* rest = schema.find("additionalProperties");
  for (const JsonMember& member : value.members) {
    const JsonValue* rule = properties == nullptr ? nullptr : properties->find(member.key);
    rule = rule == nullptr ? rest : rule;
    if (rule->type == JsonType::kBoolean) {
      return "/" + member.key + " is unknown";
    }
    if (const std::string found = violation(root, *rule, member.value); !found.empty()) {
      return "/" + member.key + found;
    }
  }
  if (const JsonValue* required = schema.find("required")) {
    for (const JsonValue& name : required->items) {
      if (value.find(name.text) == nullptr) {
        return "/" + name.text + " is missing";
      }
    }
  }
  return {};
}

std::string violation(const JsonValue& root, const JsonValue& schema, const JsonValue& value) {
  if (const JsonValue* all = schema.find("allOf")) {
    return violation(root, all->items.front(), value);
  }
  if (const JsonValue* reference = schema.find("$ref")) {
    const std::string name = reference->text.substr(std::string("#/definitions/").size());
    return violation(root, *root.find("definitions")->find(name), value);
  }
  const JsonValue* type = schema.find("type");
  if (type == nullptr) {
    return {};
  }
  if (type->text == "object" && value.type == JsonType::kObject) {
    return members_violation(root, schema, value);
  }
  if (type->text == "array" && value.type == JsonType::kArray) {
    for (const JsonValue& item : value.items) {
      if (const std::string found = violation(root, *schema.find("items"), item); !found.empty()) {
        return "/-" + found;
      }
    }
    return {};
  }
  const bool matches = (type->text == "string" && value.type == JsonType::kText) ||
                       (type->text == "boolean" && value.type == JsonType::kBoolean) ||
                       (type->text == "integer" &&
                        (value.type == JsonType::kInteger || value.type == JsonType::kLarge));
  return matches ? "" : " has the wrong type";
}

}  // namespace

TEST_CASE("schema: MSG-10 the files are what the structs generate") {
#define PADDOCK_X(Message) check_file(#Message, schema<Message>());
  PADDOCK_MESSAGES(PADDOCK_X)
  PADDOCK_X(Error)
#undef PADDOCK_X
}

TEST_CASE("schema: there is no file without a message") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kSchemas)) {
    files += entry.path().extension() == ".json" ? 1 : 0;
  }
  std::size_t messages = 1;  // Error
#define PADDOCK_X(Message) ++messages;
  PADDOCK_MESSAGES(PADDOCK_X)
#undef PADDOCK_X
  CHECK(files == messages);
}

TEST_CASE("schema: it accepts what the encoder writes, and refuses what the decoder refuses") {
  const auto root = parse_json(schema<PlanRequest>());
  REQUIRE(root);
  auto value = parse_json(encode(PlanRequest{test::full_plan()}));
  REQUIRE(value);
  CHECK(violation(*root, *root, *value) == "");
  value->members.push_back({"surplus", {}});
  CHECK(violation(*root, *root, *value) == "/surplus is unknown");
  value->members.pop_back();
  value->members.front().value.members.pop_back();
  CHECK(violation(*root, *root, *value) == "/plan/security is missing");
}
