// Errors as people see them. Only main and the tests render.
#pragma once

#include <string>

#include "paddock/contract/error.hpp"

namespace paddock {

struct RenderOptions {
  bool color = false;
  bool ascii = false;  ///< nothing beyond ASCII in the output
};

/// `file:line:column: error[P0112]: what`, source line, carets, context, hints; every further
/// problem after it; ends in a newline. Control characters are shown escaped.
std::string render(const Error& error, const RenderOptions& options = {});

/// One line of JSON: {"schema":"paddock.error/1","error":{...},"exit_status":N}.
std::string render_json(const Error& error);

/// "P0112".
std::string code_text(ErrorCode code);

/// The exit status of `error` for commands that are not run, exec or shell. Of several problems
/// (Error::others) the first class of these decides: usage, refused, not found; an error of any
/// other class decides by itself.
int exit_status(const Error& error);

}  // namespace paddock
