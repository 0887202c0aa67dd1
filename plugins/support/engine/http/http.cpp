#include "support/engine/http/http.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <utility>

#include "support/engine/http/parts.hpp"

namespace paddock::engine {
namespace {

/// No answer that is read whole is longer; streams are read otherwise.
constexpr std::size_t kReplyLimit = 16 << 20;
constexpr long kConnectMs = 5000;

std::size_t take(char* data, std::size_t, std::size_t size, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size > kReplyLimit) {
    return 0;
  }
  body.append(data, size);
  return size;
}

/// "Name: value\r\n", one line a call.
std::size_t take_header(char* data, std::size_t, std::size_t size, void* into) {
  const std::string_view line(data, size);
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t begin = std::min(line.find_first_not_of(' ', colon + 1), size);
    const std::size_t end = std::min(line.find_first_of("\r\n", begin), size);
    (*static_cast<std::map<std::string, std::string>*>(into))[name] =
        line.substr(begin, end - begin);
  }
  return size;
}

/// libcurl asks at least once a second; anything but zero gives up.
int progress(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& ask = *static_cast<const std::function<bool()>*>(cancelled);
  return ask && ask() ? 1 : 0;
}

/// Whether the engine turned the client away: in words (a TLS alert), or, with TLS 1.3, by hanging
/// up on its first request before the words are read.
bool is_turned_away(CURLcode code, const Request& request, const std::string& detail) {
  const bool first = request.path.ends_with("/_ping");
  return detail.find(" alert ") != std::string::npos ||
         (first && (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR));
}

/// What went wrong with TLS, or nothing. `detail`: libcurl's own words.
std::optional<Failure> explained_tls(CURLcode code,
                                     const Address& address,
                                     const Request& request,
                                     const std::string& detail) {
  const std::string who = "the engine at '" + address.name() + "' ";
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return fail(
        ErrorCode::kBackendMissing, who + "cannot show that it is the right one: " + detail,
        "its certificate has to be for that host, and of the CA in '" + address.tls.ca + "'");
  }
  if (is_turned_away(code, request, detail)) {
    return fail(ErrorCode::kBackendMissing, who + "does not let this client in: " + detail,
                address.tls.certificate.empty()
                    ? "it asks for a client's certificate, and none was given"
                    : "it does not trust '" + address.tls.certificate + "'");
  }
  if (code == CURLE_SSL_CONNECT_ERROR) {
    return fail(ErrorCode::kBackendMissing, who + "does not speak TLS: " + detail,
                "start it with --tlsverify, or name its unix socket");
  }
  if (code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE) {
    return fail(ErrorCode::kBackendMissing, "a TLS file is not what it should be: " + detail,
                "look at '" + address.tls.ca + "' and what is beside it");
  }
  return std::nullopt;
}

}  // namespace

Headers::Headers(const Request& request) {
  add(("Content-Type: " + std::string(request.content_type)).c_str());
  if (!request.header.empty()) {
    add(request.header.c_str());
  }
  add("Expect:");  // engines do not answer "100-continue", and curl would wait for it
}

Failure explained(
    CURL* curl, CURLcode code, const Address& address, const Request& request, const char* detail) {
  const std::string reason = *detail != '\0' ? detail : curl_easy_strerror(code);
  if (address.is_tcp()) {
    if (auto failure = explained_tls(code, address, request, reason)) {
      return std::move(*failure);
    }
  }
  long error = 0;
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
  if (code == CURLE_COULDNT_CONNECT && error == EACCES) {
    return fail(ErrorCode::kBackendMissing,
                "this user may not talk to the engine at '" + address.name() + "'",
                "run paddock as root, or use rootless Podman or the backend 'bubblewrap'");
  }
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
    return fail(ErrorCode::kBackendMissing, "no engine answers at '" + address.name() + "'",
                address.remedy);
  }
  const std::string step =
      std::string(request.method) + " " + request.path.substr(0, request.path.find('?'));
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return fail(ErrorCode::kTimeout, "the engine did not answer in time: " + step);
  }
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    return fail(ErrorCode::kInterrupted, "interrupted while the engine was at " + step);
  }
  if (code == CURLE_WRITE_ERROR) {
    return fail(ErrorCode::kBackendRefused, "the engine's answer is too long: " + step);
  }
  return fail(ErrorCode::kBackendRefused,
              "the engine's answer broke off: " + step + ": " + curl_easy_strerror(code));
}

void aim(CURL* curl, const Address& address, const std::string& path) {
  const std::string scheme = address.is_tcp() ? "https://" + address.host : "http://engine";
  curl_easy_setopt(curl, CURLOPT_URL, (scheme + path).c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  if (!address.is_tcp()) {
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address.socket.c_str());
    return;
  }
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_CAINFO, address.tls.ca.c_str());
  curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);  // none but that one
  if (!address.tls.certificate.empty()) {
    curl_easy_setopt(curl, CURLOPT_SSLCERT, address.tls.certificate.c_str());
    curl_easy_setopt(curl, CURLOPT_SSLKEY, address.tls.key.c_str());
  }
}

namespace {

/// Who listens at the other end, by the kernel's word.
std::optional<ucred> peer_of(CURL* curl) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool known =
      curl != nullptr && curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
      socket != CURL_SOCKET_BAD && ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  return known ? std::optional(peer) : std::nullopt;
}

}  // namespace

// Of what libcurl starts, nothing is needed but what it starts anyway.
CURL* make_handle() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_NOTHING);
  return kReady == CURLE_OK ? curl_easy_init() : nullptr;
}

void set_up(CURL* curl,
            const Address& address,
            const Request& request,
            const Headers& headers,
            char* detail) {
  curl_easy_reset(curl);
  aim(curl, address, request.path);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &address.cancelled);
}

Http::Http(Address address) : address_(std::move(address)), handle_(std::make_unique<Handle>()) {}
Http::Http(Http&&) noexcept = default;
Http::~Http() = default;

Result<Reply> Http::send(const Request& request) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) {
    return fail(ErrorCode::kSystem, "cannot start libcurl");
  }
  Reply reply;
  const Headers headers(request);
  char detail[CURL_ERROR_SIZE] = "";
  set_up(curl, address_, request, headers, detail);
  if (std::string_view(request.method) != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply.headers);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.deadline.count()));
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK) {
    return explained(curl, code, address_, request, detail);
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  return reply;
}

std::optional<uid_t> Http::owner() const {
  const auto peer = peer_of(handle_->curl);
  return peer ? std::optional(peer->uid) : std::nullopt;
}

std::optional<pid_t> Http::listener() const {
  const auto peer = peer_of(handle_->curl);
  return peer && peer->pid > 0 ? std::optional(peer->pid) : std::nullopt;
}

std::string url_escape(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

}  // namespace paddock::engine
