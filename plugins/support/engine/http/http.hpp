// HTTP/1.1 to an engine of this machine, over its unix socket or TCP with TLS, by libcurl.
// [one thread]
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "paddock/contract/result.hpp"

namespace paddock::engine {

struct Reply {
  long status = 0;  ///< of HTTP
  std::string body;
  std::map<std::string, std::string> headers = {};  ///< by name in lower case
};

struct Request {
  const char* method = "GET";
  std::string path;  ///< with query, from "/" on
  std::string_view body = {};
  const char* content_type = "application/json";
  std::chrono::milliseconds deadline{60000};
  std::string header = {};  ///< one more line, which no message tells; may be empty
};

/// Paths of PEM files.
struct Tls {
  std::string ca;           ///< who may have signed the engine's certificate
  std::string certificate;  ///< of the client; may be empty, as its key
  std::string key;
};

struct Address {
  std::string socket;                    ///< a path; empty for TCP
  std::string host = {};                 ///< "127.0.0.1:2376", where `socket` is empty
  Tls tls = {};                          ///< of TCP, which is never used without
  std::string remedy = {};               ///< what to do where nobody answers there
  std::function<bool()> cancelled = {};  ///< asked several times a second while one waits

  bool is_tcp() const { return socket.empty(); }
  /// For messages.
  std::string name() const { return is_tcp() ? "tcp://" + host : socket; }
};

/// A request whose body and answer pass in pieces.
struct Stream {
  /// The next piece of the body, empty at its end. Without it the body is the request's.
  std::function<Result<std::string>()> more = {};
  /// One line of an answer of status 2xx, without its end. An error ends the request, and is its
  /// result.
  std::function<Result<void>(std::string_view)> line = {};
};

/// One connection, kept open between requests.
class Http {
 public:
  /// Connects with the first request.
  explicit Http(Address address);
  Http(Http&&) noexcept;
  ~Http();

  /// Any status is a reply. Errors: kBackendMissing when nobody answers there, kTimeout,
  /// kInterrupted when cancelled, kBackendRefused for a reply that is cut or too long.
  Result<Reply> send(const Request& request);
  /// The same in pieces. The deadline is that of the next piece. The reply's body is empty unless
  /// its status is another than 2xx.
  Result<Reply> pass(const Request& request, const Stream& stream);
  const Address& address() const { return address_; }
  /// Whose the engine is: the user who listens at the other end, by the kernel's word. None before
  /// the first reply.
  std::optional<uid_t> owner() const;
  /// The process that began to listen there; another one may serve now. None as before.
  std::optional<pid_t> listener() const;

 private:
  struct Handle;
  Address address_;
  std::unique_ptr<Handle> handle_;
};

/// A request under way whose answer is not read to its end: it lasts as long as this does.
class Connection {
 public:
  /// Errors: as Http::send.
  static Result<Connection> open(const Address& address, const Request& request);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Waits until the engine has made it a stream to a process of its. Errors: kBackendRefused with
  /// the engine's words, kTimeout.
  Result<void> await_stream(std::chrono::milliseconds deadline);
  /// To the process. Errors: kBackendRefused.
  Result<void> send(std::string_view bytes);

 private:
  explicit Connection(void* curl) : curl_(curl) {}
  void* curl_;
};

/// For one part of a path or a query.
std::string url_escape(std::string_view text);

}  // namespace paddock::engine
