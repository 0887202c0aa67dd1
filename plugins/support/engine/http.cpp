#include "support/engine/http.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "support/engine/http_parts.hpp"

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

}  // namespace

Headers::Headers(const char* content_type) {
  add(("Content-Type: " + std::string(content_type)).c_str());
  add("Expect:");  // engines do not answer "100-continue", and curl would wait for it
}

Failure explained(CURLcode code, const Address& address, const Request& request) {
  const std::string reason = curl_easy_strerror(code);
  if (code == CURLE_COULDNT_CONNECT) {
    return fail(ErrorCode::kBackendMissing, "no engine answers at '" + address.socket + "'",
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
  return fail(ErrorCode::kBackendRefused, "the engine's answer broke off: " + step + ": " + reason);
}

// TLS takes milliseconds to set up, and no unix socket needs it.
CURL* make_handle() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_NOTHING);
  return kReady == CURLE_OK ? curl_easy_init() : nullptr;
}

void set_up(CURL* curl, const Address& address, const Request& request, const Headers& headers) {
  const std::string url = "http://engine" + request.path;
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address.socket.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &address.cancelled);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
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
  const Headers headers(request.content_type);
  set_up(curl, address_, request, headers);
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
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
    return explained(code, address_, request);
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  return reply;
}

Result<Connection> Connection::open(const Address& address, const Request& request) {
  Connection connection(make_handle());
  CURL* const curl = connection.curl_;
  if (curl == nullptr) {
    return fail(ErrorCode::kSystem, "cannot start libcurl");
  }
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address.socket.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, "http://engine");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  std::string text = std::string(request.method) + " " + request.path + " HTTP/1.1\r\n" +
                     "Host: engine\r\nContent-Type: " + request.content_type + "\r\n" +
                     "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: " +
                     std::to_string(request.body.size()) + "\r\n\r\n";
  text += request.body;
  std::size_t sent = 0;
  CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) {
    code = curl_easy_send(curl, text.data(), text.size(), &sent);
  }
  if (code != CURLE_OK || sent != text.size()) {
    return explained(code, address, request);
  }
  return connection;
}

Connection::Connection(Connection&& other) noexcept : curl_(std::exchange(other.curl_, nullptr)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(curl_, other.curl_);
  return *this;
}

Connection::~Connection() {
  curl_easy_cleanup(curl_);
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
