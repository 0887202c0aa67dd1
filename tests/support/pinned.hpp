// Plans made by hand, pinned as the host pins them.
#pragma once

#include <unistd.h>

#include <stdexcept>

#include "paddock/contract/mount_source.hpp"

namespace paddock::test {

/// Which file is at `path`. Throws on failure.
inline contract::FileIdentity identity_at(const std::string& path) {
  const int fd = contract::open_mount_source(path);
  const auto identity = contract::identity_of(fd);
  ::close(fd);
  return identity ? *identity : throw std::runtime_error("cannot open '" + path + "'");
}

}  // namespace paddock::test
