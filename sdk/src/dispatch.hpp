// From a method's request as JSON to a typed call and back.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "paddock/contract/codec.hpp"
#include "paddock/contract/messages.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::sdk::detail {

/// Decodes the request, calls `answer` with it and encodes what it returns. `answer` returns
/// Result<Reply>.
template <class Request, class Answer>
Result<std::string> typed(std::string_view json, Answer answer) {
  auto request = contract::decode<Request>(json);
  if (!request) {
    return fail_as(request);
  }
  auto reply = answer(*request);
  if (!reply) {
    return Failure(std::move(reply).error());
  }
  return contract::encode(*reply);
}

/// The reply of a method that has nothing to say.
inline Result<contract::Empty> empty(Result<void> result) {
  if (!result) {
    return Failure(std::move(result).error());
  }
  return contract::Empty{};
}

/// Result<Reply> with its one member from Result<Value>.
template <class Reply, class Value>
Result<Reply> wrapped(Result<Value> value) {
  if (!value) {
    return Failure(std::move(value).error());
  }
  return Reply{std::move(*value)};
}

inline Failure no_method(std::string_view method) {
  return fail(ErrorCode::kUnsupported, "method '" + std::string(method) + "' is not known");
}

}  // namespace paddock::sdk::detail
