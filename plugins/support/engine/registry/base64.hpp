// Base64, RFC 4648. Pure; [any thread].
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace paddock::engine {

/// In the alphabet for URLs, padded: what engines read from headers.
std::string to_base64url(std::string_view bytes);

/// From the usual alphabet, padded. Nothing for what is not that.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace paddock::engine
