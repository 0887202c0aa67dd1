#include "support/engine/http/address.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace paddock::engine {
namespace {

constexpr std::string_view kUnix = "unix://";
constexpr std::string_view kTcp = "tcp://";

Failure unusable(const std::string& named_by,
                 const std::string& endpoint,
                 const std::string& why,
                 std::string hint) {
  return fail(ErrorCode::kBackendMissing, named_by + " is '" + endpoint + "', " + why,
              std::move(hint));
}

/// "host:port", where nothing else stands behind it.
bool is_authority(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < text.size() &&
         text.find_first_not_of("0123456789", colon + 1) == std::string_view::npos &&
         text.find_first_of("/?#@ ") == std::string_view::npos;
}

}  // namespace

Result<Address> parse_endpoint(const std::string& endpoint,
                               const std::string& named_by,
                               const std::optional<Tls>& tls) {
  const std::string local = "name a socket of this machine: unix:///PATH";
  if (endpoint.starts_with(kUnix)) {
    Address address;
    address.socket = endpoint.substr(kUnix.size());
    return address;
  }
  if (endpoint.starts_with("ssh://")) {
    return unusable(named_by, endpoint,
                    "an engine of another machine, where no sandbox can be proved", local);
  }
  if (!endpoint.starts_with(kTcp)) {
    return unusable(named_by, endpoint, "which is neither a unix socket nor TCP", local);
  }
  if (!is_authority(std::string_view(endpoint).substr(kTcp.size()))) {
    return unusable(named_by, endpoint, "which is no tcp://HOST:PORT", local);
  }
  if (!tls) {
    return unusable(named_by, endpoint, "and whoever answers there without TLS would be believed",
                    "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or " + local);
  }
  Address address;
  address.host = endpoint.substr(kTcp.size());
  address.tls = *tls;
  return address;
}

Result<Tls> tls_files(const std::string& directory) {
  Tls tls{directory + "/ca.pem", directory + "/cert.pem", directory + "/key.pem"};
  for (const std::string* file : {&tls.ca, &tls.certificate, &tls.key}) {
    if (::access(file->c_str(), R_OK) != 0) {
      return fail(ErrorCode::kBackendMissing,
                  "cannot read '" + *file + "': " + std::strerror(errno),
                  "TLS needs ca.pem, cert.pem and key.pem there");
    }
  }
  return tls;
}

}  // namespace paddock::engine
