// Names of images, in one spelling that every engine understands alike. Pure; [any thread].
#pragma once

#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"

namespace paddock::image {

struct Reference {
  std::string name;    ///< with the registry's host: "docker.io/library/debian"
  std::string tag;     ///< empty only where there is a digest
  std::string digest;  ///< "sha256:...", or empty

  /// What an engine is asked for: "NAME@sha256:..." where there is a digest, else "NAME:TAG".
  std::string text() const;
  /// "NAME:TAG", whatever the digest; "NAME" without a tag.
  std::string tagged() const;
  /// Whether no registry can have it: its host is "localhost", without a port.
  bool is_local() const;
};

/// Reads "debian", "debian:13", "localhost/mine:1", "registry.example:5000/a/b@sha256:...". A name
/// without a host is Docker Hub's, as the engines have it; without tag and digest the tag is
/// "latest". Errors: kBadName.
Result<Reference> parse_reference(std::string_view text);

/// Whether `text` is "sha256:" and 64 hex digits in lower case.
bool is_digest(std::string_view text);

/// Whether `text` is OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT.
bool is_platform(std::string_view text);

}  // namespace paddock::image
