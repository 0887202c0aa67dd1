// One failure that a user can act on, in the form that crosses the plugin boundary.
// Plain data; no thread rule. Rendering is the host's (host/src/base/render.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/error_code.hpp"

namespace paddock {

/// A place in a text file. `line` and `column` are 1-based, `column` and `length` count bytes.
struct SourcePos {
  std::string file;
  std::uint32_t line = 0;  ///< 0: no position known
  std::uint32_t column = 0;
  std::uint32_t length = 1;  ///< bytes that the carets underline

  template <class V>
  static void describe(V& v) {
    v.field("file", &SourcePos::file, "path as the user gave it");
    v.field("line", &SourcePos::line, "1-based; 0 when unknown");
    v.field("column", &SourcePos::column, "1-based byte");
    v.field("length", &SourcePos::length, "bytes underlined");
  }
};

/// A failure. `what` is lower case, present tense, no full stop, values in '...'; it never holds
/// a secret or the value of an environment variable.
struct Error {
  ErrorCode code = ErrorCode::kInternal;  ///< stable; picks the exit status
  std::string what;                       ///< what happened
  std::optional<SourcePos> where;         ///< the place in a profile or manifest
  std::string excerpt;                    ///< the source line at `where`; empty when not at hand
  std::vector<std::string> context;       ///< added on the way up, innermost first
  std::vector<std::string> hints;         ///< what the user can do next
  std::vector<Error> others;              ///< further problems found in the same pass

  template <class V>
  static void describe(V& v) {
    v.field("code", &Error::code, "stable code, P0112");
    v.field("what", &Error::what, "what happened");
    v.field("where", &Error::where, "place in a profile or manifest");
    v.optional_field("excerpt", &Error::excerpt, "source line at that place");
    v.optional_field("context", &Error::context, "what was being done, innermost first");
    v.optional_field("hints", &Error::hints, "what the user can do");
    v.optional_field("others", &Error::others, "further problems found in the same pass");
  }
};

}  // namespace paddock
