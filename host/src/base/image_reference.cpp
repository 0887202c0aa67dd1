// Grammar: https://github.com/distribution/reference, of which names are checked strictly.
#include "base/image_reference.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace paddock::image {
namespace {

constexpr std::size_t kLongest = 255;
constexpr std::string_view kHub = "docker.io";
constexpr std::string_view kDigest = "sha256:";
constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kHex = "0123456789abcdef";

bool is_of(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_word(std::string_view text, std::string_view more) {
  return !text.empty() && is_of(text, std::string(kSmall) + std::string(more));
}

/// One part of a name between slashes: words joined by '.', '_', '__' or hyphens.
bool is_part(std::string_view text) {
  return is_word(text, "._-") && is_of(text.substr(0, 1), kSmall) &&
         is_of(text.substr(text.size() - 1), kSmall) && text.find("..") == std::string_view::npos;
}

bool is_host(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view port = colon == std::string_view::npos ? "0" : text.substr(colon + 1);
  return is_word(text.substr(0, colon), ".-") && is_of(text.substr(0, 1), kSmall) &&
         !port.empty() && port.size() <= 5 && is_of(port, "0123456789");
}

bool is_tag(std::string_view text) {
  constexpr std::string_view kLarge = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return text.size() <= 128 && is_word(text, std::string(kLarge) + "_.-") && text.front() != '.' &&
         text.front() != '-';
}

bool names_host(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

bool is_path(std::string_view path) {
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (!is_part(part) || part.size() + 1 == path.size()) {
      return false;
    }
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return true;
}

/// With a host in front, and "library/" where the Hub's own images are meant; empty: no name.
std::string whole_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  const std::string_view first = name.substr(0, slash);
  if (slash != std::string_view::npos && names_host(first)) {
    const std::string_view path = name.substr(slash + 1);
    return is_host(first) && !path.empty() && is_path(path) ? std::string(name) : "";
  }
  if (name.empty() || !is_path(name)) {
    return "";
  }
  const std::string library = slash == std::string_view::npos ? "/library/" : "/";
  return std::string(kHub) + library + std::string(name);
}

Failure no_reference(std::string_view text) {
  return fail(ErrorCode::kBadName,
              "'" + printable(text.substr(0, 80)) + "' is not the name of an image",
              "names look like debian:13, localhost/mine:1 or "
              "registry.example/team/image@sha256:...; in small letters");
}

}  // namespace

std::string Reference::text() const {
  return digest.empty() ? tagged() : name + "@" + digest;
}

std::string Reference::tagged() const {
  return tag.empty() ? name : name + ":" + tag;
}

bool Reference::is_local() const {
  return name.starts_with("localhost/");
}

Result<Reference> parse_reference(std::string_view text) {
  Reference reference;
  const std::size_t at = text.find('@');
  std::string_view name = text.substr(0, at);
  if (at != std::string_view::npos) {
    reference.digest = text.substr(at + 1);
  }
  const std::size_t colon = name.rfind(':');
  const bool tagged = colon != std::string_view::npos && name.find('/', colon) == name.npos;
  if (tagged) {
    reference.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  } else if (at == std::string_view::npos) {
    reference.tag = "latest";
  }
  reference.name = whole_name(name);
  const bool sound = text.size() <= kLongest && !reference.name.empty() &&
                     (!tagged || is_tag(reference.tag)) &&
                     (at == std::string_view::npos || is_digest(reference.digest));
  return sound ? Result<Reference>(std::move(reference)) : no_reference(text);
}

bool is_digest(std::string_view text) {
  return text.size() == kDigest.size() + 64 && text.starts_with(kDigest) &&
         is_of(text.substr(kDigest.size()), kHex);
}

bool is_platform(std::string_view text) {
  const auto slashes = std::count(text.begin(), text.end(), '/');
  return slashes >= 1 && slashes <= 2 && is_path(text) && text.size() <= 64;
}

}  // namespace paddock::image
