// A connection that an engine keeps for a process of its: Docker and Podman answer the request with
// a stream, which goes both ways and ends with either side.
#include <poll.h>

#include <utility>

#include <nlohmann/json.hpp>

#include "support/engine/http/parts.hpp"

namespace paddock::engine {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kHeadLimit = 64 << 10;
constexpr auto kSendDeadline = std::chrono::seconds(10);

/// False when that does not come in time.
bool wait_for(CURL* curl, short events, Clock::time_point end) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  pollfd polled{socket, events, 0};
  return left.count() > 0 && ::poll(&polled, 1, static_cast<int>(left.count())) != 0;
}

Failure broken(const char* why) {
  return fail(ErrorCode::kBackendRefused,
              std::string("the engine's stream to a process broke off: ") + why);
}

/// The engine's answer up to its process's first word, which is left where it is.
Result<std::string> read_head(CURL* curl, Clock::time_point end) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    char byte = 0;
    std::size_t got = 0;
    const CURLcode code = curl_easy_recv(curl, &byte, 1, &got);
    if (code == CURLE_AGAIN && !wait_for(curl, POLLIN, end)) {
      return fail(ErrorCode::kTimeout, "the engine does not start the process");
    }
    if ((code != CURLE_OK && code != CURLE_AGAIN) || (code == CURLE_OK && got == 0)) {
      return broken(code != CURLE_OK ? curl_easy_strerror(code) : "it ended");
    }
    head.append(&byte, got);
    if (head.size() > kHeadLimit) {
      return broken("its answer is too long");
    }
  }
  return head;
}

}  // namespace

Result<Connection> Connection::open(const Address& address, const Request& request) {
  Connection connection(make_handle());
  CURL* const curl = connection.curl_;
  if (curl == nullptr) {
    return fail(ErrorCode::kSystem, "cannot start libcurl");
  }
  aim(curl, address, "");
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
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
    return explained(curl, code, address, request, "");
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

Result<void> Connection::await_stream(std::chrono::milliseconds deadline) {
  const auto head = read_head(curl_, Clock::now() + deadline);
  if (!head) {
    return fail_as(head);
  }
  // "101 UPGRADED", or "200 OK" from an engine that needs no word of it.
  if (head->starts_with("HTTP/1.1 101 ") || head->starts_with("HTTP/1.1 200 ")) {
    return {};
  }
  return fail(ErrorCode::kBackendRefused,
              "the engine cannot enter the container: " + head->substr(0, head->find('\r')));
}

Result<void> Connection::send(std::string_view bytes) {
  const auto end = Clock::now() + kSendDeadline;
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(curl_, bytes.data(), bytes.size(), &sent);
    if (code != CURLE_OK && (code != CURLE_AGAIN || !wait_for(curl_, POLLOUT, end))) {
      return broken(curl_easy_strerror(code));
    }
    bytes.remove_prefix(sent);
  }
  return {};
}

}  // namespace paddock::engine
