#include "decode.hpp"

#include "error_code_text.hpp"
#include "paddock/contract/codec.hpp"
#include "paddock/contract/message_list.hpp"

namespace paddock::contract {
namespace detail {

bool read_text(std::string& out, const JsonValue& value, const Place& place) {
  if (value.type != JsonType::kText) {
    return place.wrong_type("text", value);
  }
  out = value.text;
  return true;
}

bool read_boolean(bool& out, const JsonValue& value, const Place& place) {
  if (value.type != JsonType::kBoolean) {
    return place.wrong_type("a boolean", value);
  }
  out = value.boolean;
  return true;
}

bool read_code(ErrorCode& out, const JsonValue& value, const Place& place) {
  const auto code = value.type == JsonType::kText ? error_code_from_text(value.text) : std::nullopt;
  if (!code) {
    return place.fail("must be a code of paddock such as 'P0209'");
  }
  out = *code;
  return true;
}

}  // namespace detail

template <typename Message>
Result<Message> decode(std::string_view json) {
  constexpr std::string_view kName = detail::type_name<Message>();
  auto tree = parse_json(json);
  if (!tree) {
    return fail(ErrorCode::kPluginMisbehaved,
                "message '" + std::string(kName) + "' " + tree.error().what);
  }
  std::string problem;
  Result<Message> message;
  if (!detail::read(*message, *tree, detail::Place(kName, problem))) {
    return fail(ErrorCode::kPluginMisbehaved, std::move(problem));
  }
  return message;
}

#define PADDOCK_X(Message) template Result<Message> decode(std::string_view);
PADDOCK_MESSAGES(PADDOCK_X)
PADDOCK_PARTS(PADDOCK_X)
PADDOCK_X(Error)
#undef PADDOCK_X

}  // namespace paddock::contract
