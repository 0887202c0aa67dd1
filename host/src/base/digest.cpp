#include "base/digest.hpp"

// The plain functions, not EVP: they pull in nothing but SHA-256 itself, in the processor's own
// instructions where it has them, and need no set-up of providers.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace paddock {
namespace {

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  return "sha256:" + hex(digest.data(), digest.size());
}

std::string random_hex(std::size_t count) {
  constexpr std::size_t kMost = 256;  // of one getentropy(3)
  std::vector<unsigned char> bytes(count);
  for (std::size_t done = 0; done < count; done += kMost) {
    if (::getentropy(bytes.data() + done, std::min(kMost, count - done)) != 0) {
      std::abort();  // a kernel that gives none; no name made up in its place could be trusted
    }
  }
  return hex(bytes.data(), bytes.size());
}

}  // namespace paddock
