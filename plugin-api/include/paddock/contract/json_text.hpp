// A JSON value carried as text, so that no JSON library appears in a header.
#pragma once

#include <string>

namespace paddock::contract {

/// One complete JSON value of any type, as compact text.
struct JsonText {
  std::string text = "null";
};

}  // namespace paddock::contract
