#include "profile/publish.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "paddock/contract/enum_names.hpp"

namespace paddock::profile {
namespace {

constexpr const char* kForm =
    "write HOST_PORT:PORT, with an address of this machine before it and /tcp or /udp behind it if "
    "need be: \"127.0.0.1:8080:80\"";

Failure bad(std::string_view text, const std::string& why) {
  return fail(ErrorCode::kBadValue, "'" + printable(text) + "' publishes nothing: " + why, kForm);
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port != 0 ? std::optional(port) : std::nullopt;
}

/// The address as the kernel writes it.
std::optional<std::string> address_of(std::string text) {
  int family = AF_INET;
  if (text.starts_with('[') && text.ends_with(']')) {
    family = AF_INET6;
    text = text.substr(1, text.size() - 2);
  }
  unsigned char bytes[sizeof(in6_addr)];
  char plain[INET6_ADDRSTRLEN];
  return ::inet_pton(family, text.c_str(), bytes) == 1 &&
                 ::inet_ntop(family, bytes, plain, sizeof plain) != nullptr
             ? std::optional<std::string>(plain)
             : std::nullopt;
}

}  // namespace

Result<contract::PublishedPort> parse_publish(std::string_view text) {
  contract::PublishedPort port;
  std::string_view rest = text;
  if (const std::size_t slash = rest.rfind('/'); slash != std::string_view::npos) {
    const auto protocol = contract::enum_from_name<contract::Protocol>(rest.substr(slash + 1));
    if (!protocol) {
      return bad(text, "the protocol is neither tcp nor udp");
    }
    port.protocol = *protocol;
    rest = rest.substr(0, slash);
  }
  const std::size_t last = rest.rfind(':');
  if (last == std::string_view::npos) {
    return bad(text, "there are not two ports");
  }
  const std::size_t before = rest.substr(0, last).rfind(':');
  const std::size_t host = before == std::string_view::npos ? 0 : before + 1;
  const auto outside = port_of(rest.substr(host, last - host));
  const auto inside = port_of(rest.substr(last + 1));
  if (!outside || !inside) {
    return bad(text, "a port is a number from 1 to 65535");
  }
  const auto address = address_of(host == 0 ? "127.0.0.1" : std::string(rest.substr(0, host - 1)));
  if (!address) {
    return bad(text, "the address is not one of IPv4, or of IPv6 in brackets");
  }
  port.address = *address;
  port.host_port = *outside;
  port.port = *inside;
  return port;
}

std::string publish_key(const contract::PublishedPort& port) {
  const bool v6 = port.address.find(':') != std::string::npos;
  return (v6 ? "[" + port.address + "]" : port.address) + ":" + std::to_string(port.host_port) +
         "/" + std::string(contract::enum_name(port.protocol));
}

bool is_loopback(const contract::PublishedPort& port) {
  return port.address.starts_with("127.") || port.address == "::1";
}

}  // namespace paddock::profile
