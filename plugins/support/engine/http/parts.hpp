// What the kinds of requests in http.cpp and http_stream.cpp have in common. [one thread]
#pragma once

#include <curl/curl.h>

#include "support/engine/http/http.hpp"

namespace paddock::engine {

struct Headers {
  curl_slist* list = nullptr;
  explicit Headers(const Request& request);
  ~Headers() { curl_slist_free_all(list); }
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;
  void add(const char* line) { list = curl_slist_append(list, line); }
};

/// Without TLS; null where libcurl cannot start.
CURL* make_handle();

struct Http::Handle {
  CURL* curl = make_handle();
  Handle() = default;
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
};

/// Where to connect, and how; nothing of the environment has a say.
void aim(CURL* curl, const Address& address, const std::string& path);

/// All but the body, the way of the answer and the time that it may take.
/// `detail` takes CURL_ERROR_SIZE bytes, and outlives the transfer.
void set_up(CURL* curl,
            const Address& address,
            const Request& request,
            const Headers& headers,
            char* detail);

/// `detail`: libcurl's own words, or empty.
Failure explained(
    CURL* curl, CURLcode code, const Address& address, const Request& request, const char* detail);

}  // namespace paddock::engine
