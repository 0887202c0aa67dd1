// SHA-256, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace paddock {

/// "sha256:" and 64 hex digits.
std::string sha256(std::string_view bytes);

/// `count` random bytes as lower-case hex, from the kernel.
std::string random_hex(std::size_t count);

}  // namespace paddock
