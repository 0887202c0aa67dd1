// JSON Schema of every message, from the same describe() as the codec.
#include <limits>
#include <string>

#include "describe.hpp"
#include "paddock/contract/codec.hpp"
#include "paddock/contract/enum_names.hpp"
#include "paddock/contract/json_value.hpp"
#include "paddock/contract/message_list.hpp"
#include "paddock/contract/messages.hpp"

namespace paddock::contract {
namespace {

JsonValue text(std::string_view value) {
  JsonValue out;
  out.type = JsonType::kText;
  out.text = value;
  return out;
}

JsonValue boolean(bool value) {
  JsonValue out;
  out.type = JsonType::kBoolean;
  out.boolean = value;
  return out;
}

JsonValue object() {
  JsonValue out;
  out.type = JsonType::kObject;
  return out;
}

JsonValue array() {
  JsonValue out;
  out.type = JsonType::kArray;
  return out;
}

JsonValue typed(std::string_view name) {
  JsonValue out = object();
  out.members.push_back({"type", text(name)});
  return out;
}

// Collects one definition per struct, so that nesting and recursion are plain references.
class Definitions {
 public:
  JsonValue take() { return std::move(all_); }

  template <class T>
  JsonValue of();

 private:
  template <class T>
  JsonValue reference();
  template <class T>
  JsonValue structure();
  template <class T>
  friend class MemberSchema;

  JsonValue all_ = object();
};

template <class Owner>
class MemberSchema {
 public:
  explicit MemberSchema(Definitions& definitions) : definitions_(definitions) {}

  template <class Member>
  void field(std::string_view name, Member Owner::*, std::string_view doc) {
    if (!detail::kIsOptional<Member>) {
      required.items.push_back(text(name));
    }
    add<Member>(name, doc);
  }

  template <class Member>
  void optional_field(std::string_view name, Member Owner::*, std::string_view doc) {
    add<Member>(name, doc);
  }

  JsonValue properties = object();
  JsonValue required = array();

 private:
  // draft-07 ignores what stands beside a $ref, so a described reference needs allOf.
  template <class Member>
  void add(std::string_view name, std::string_view doc) {
    JsonValue value = definitions_.of<Member>();
    if (value.find("$ref") != nullptr) {
      JsonValue all = array();
      all.items.push_back(std::move(value));
      value = object();
      value.members.push_back({"allOf", std::move(all)});
    }
    value.members.push_back({"description", text(doc)});
    properties.members.push_back({std::string(name), std::move(value)});
  }

  Definitions& definitions_;
};

template <class T>
JsonValue Definitions::structure() {
  MemberSchema<T> members(*this);
  T::describe(members);
  JsonValue out = typed("object");
  out.members.push_back({"additionalProperties", boolean(false)});
  out.members.push_back({"properties", std::move(members.properties)});
  out.members.push_back({"required", std::move(members.required)});
  return out;
}

template <class T>
JsonValue Definitions::reference() {
  const std::string name(detail::type_name<T>());
  if (all_.find(name) == nullptr) {
    all_.members.push_back({name, {}});  // first, so that recursion ends
    JsonValue definition = structure<T>();
    for (JsonMember& member : all_.members) {
      if (member.key == name) {
        member.value = std::move(definition);
        break;
      }
    }
  }
  JsonValue out = object();
  out.members.push_back({"$ref", text("#/definitions/" + name)});
  return out;
}

template <class Enum>
JsonValue enumeration() {
  JsonValue names = array();
  for (const std::string_view name : EnumNames<Enum>::kNames) {
    names.items.push_back(text(name));
  }
  JsonValue out = typed("string");
  out.members.push_back({"enum", std::move(names)});
  return out;
}

template <class Integer>
JsonValue integer() {
  JsonValue out = typed("integer");
  JsonValue bound;
  bound.type = JsonType::kInteger;
  bound.integer = static_cast<std::int64_t>(std::numeric_limits<Integer>::min());
  out.members.push_back({"minimum", bound});
  bound.type = std::is_same_v<Integer, std::uint64_t> ? JsonType::kLarge : JsonType::kInteger;
  bound.large = std::numeric_limits<Integer>::max();
  bound.integer = static_cast<std::int64_t>(bound.large);
  out.members.push_back({"maximum", bound});
  return out;
}

template <class T>
JsonValue Definitions::of() {
  if constexpr (std::is_same_v<T, JsonText>) {
    return object();  // any value
  } else if constexpr (std::is_same_v<T, std::string>) {
    return typed("string");
  } else if constexpr (std::is_same_v<T, bool>) {
    return typed("boolean");
  } else if constexpr (std::is_same_v<T, ErrorCode>) {
    JsonValue out = typed("string");
    out.members.push_back({"pattern", text("^P[0-9]{4}$")});
    return out;
  } else if constexpr (std::is_enum_v<T>) {
    return enumeration<T>();
  } else if constexpr (std::is_integral_v<T>) {
    return integer<T>();
  } else if constexpr (detail::kIsOptional<T>) {
    return of<typename T::value_type>();
  } else if constexpr (detail::kIsVector<T>) {
    JsonValue out = typed("array");
    out.members.push_back({"items", of<typename T::value_type>()});
    return out;
  } else if constexpr (detail::kIsMap<T>) {
    JsonValue out = typed("object");
    out.members.push_back({"additionalProperties", of<typename T::mapped_type>()});
    return out;
  } else {
    return reference<T>();
  }
}

}  // namespace

template <typename Message>
std::string schema() {
  Definitions definitions;
  JsonValue root = definitions.of<Message>();
  JsonValue out = object();
  out.members.push_back({"$schema", text("http://json-schema.org/draft-07/schema#")});
  out.members.push_back({"title", text(detail::type_name<Message>())});
  // draft-07 wants no sibling of $ref that matters.
  JsonValue all = array();
  all.items.push_back(std::move(root));
  out.members.push_back({"allOf", std::move(all)});
  out.members.push_back({"definitions", definitions.take()});
  return pretty_json(out);
}

#define PADDOCK_X(Message) template std::string schema<Message>();
PADDOCK_MESSAGES(PADDOCK_X)
PADDOCK_X(Error)
#undef PADDOCK_X

}  // namespace paddock::contract
