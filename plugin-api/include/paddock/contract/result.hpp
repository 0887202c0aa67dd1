// Result<T>: a value or one Error. The library behind it is named here and nowhere else.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "paddock/contract/error.hpp"

namespace paddock {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Failure = tl::unexpected<Error>;

/// A failure without a place in a file.
[[nodiscard]] inline Failure fail(ErrorCode code, std::string what, std::string hint = {}) {
  Error error;
  error.code = code;
  error.what = std::move(what);
  if (!hint.empty()) {
    error.hints.push_back(std::move(hint));
  }
  return Failure(std::move(error));
}

/// A failure at a place in a profile or manifest.
[[nodiscard]] inline Failure fail_at(ErrorCode code,
                                     SourcePos where,
                                     std::string what,
                                     std::string hint = {}) {
  Failure failure = fail(code, std::move(what), std::move(hint));
  failure.value().where = std::move(where);
  return failure;
}

/// `call` failed with errno `number`. The number is passed in, so that building the message
/// cannot overwrite it: fail_errno(errno, "cannot open '/proc'").
[[nodiscard]] inline Failure fail_errno(int number, std::string_view call, std::string hint = {}) {
  return fail(ErrorCode::kSystem, std::string(call) + ": " + std::strerror(number),
              std::move(hint));
}

/// Hands on the error of `result`, with what was being done.
template <typename T>
[[nodiscard]] Failure fail_with(Result<T>&& result, std::string context) {
  Error error = std::move(result).error();
  error.context.push_back(std::move(context));
  return Failure(std::move(error));
}

/// Hands on the error of `result` unchanged.
template <typename T>
[[nodiscard]] Failure fail_as(const Result<T>& result) {
  return Failure(result.error());
}

}  // namespace paddock
