// JSON for every contract message, driven by each struct's describe(): one table gives the
// encoder, the strict decoder and the schema. The template bodies live in
// plugin-api/src/{en,de}code.hpp and are instantiated for each message; adding a message means
// adding a line in contract/message_list.hpp.
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"

namespace paddock::contract {

/// Compact JSON, members in the order of describe(); equal values give equal bytes.
template <typename Message>
std::string encode(const Message& message);

/// Strict: not UTF-8, not JSON, an unknown member, a wrong type, a number out of range or a
/// missing required member fails with kPluginMisbehaved and the JSON pointer of the place.
/// Members whose C++ type is std::optional, or that describe() names with `optional_field`, may
/// be absent.
template <typename Message>
Result<Message> decode(std::string_view json);

/// JSON Schema (draft-07) of one message.
template <typename Message>
std::string schema();

}  // namespace paddock::contract
