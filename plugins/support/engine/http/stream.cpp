#include <algorithm>
#include <cstring>
#include <optional>

#include "support/engine/http/http.hpp"
#include "support/engine/http/parts.hpp"

namespace paddock::engine {
namespace {

/// No line of an engine's answer is longer, nor what it says of a failure.
constexpr std::size_t kLongestLine = 1 << 20;

/// One request on its way; libcurl calls back with it.
class Transfer {
 public:
  Transfer(CURL* curl, const Stream& stream) : curl_(curl), stream_(stream) {}

  static std::size_t give(char* into, std::size_t, std::size_t size, void* self) {
    return static_cast<Transfer*>(self)->next_bytes(into, size);
  }

  static std::size_t take(char* data, std::size_t, std::size_t size, void* self) {
    return static_cast<Transfer*>(self)->accept({data, size}) ? size : 0;
  }

  /// What is behind the last line's end is a line, too.
  void finish() {
    if (is_fine() && !failure_ && !text_.empty()) {
      tell(text_);
      text_.clear();
    }
  }

  std::optional<Error> take_failure() { return std::move(failure_); }
  std::string take_text() { return std::move(text_); }

 private:
  bool is_fine() const {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
  }

  std::size_t next_bytes(char* into, std::size_t size) {
    if (sent_ == piece_.size()) {
      auto piece = stream_.more();
      if (!piece) {
        failure_ = piece.error();
        return CURL_READFUNC_ABORT;
      }
      piece_ = std::move(*piece);
      sent_ = 0;
    }
    const std::size_t count = std::min(size, piece_.size() - sent_);
    std::memcpy(into, piece_.data() + sent_, count);
    sent_ += count;
    return count;
  }

  bool tell(std::string_view line) {
    const auto taken = stream_.line ? stream_.line(line) : Result<void>{};
    if (!taken) {
      failure_ = taken.error();
    }
    return taken.has_value();
  }

  bool accept(std::string_view bytes) {
    text_ += bytes;
    for (std::size_t end = text_.find('\n'); is_fine() && end != std::string::npos;
         end = text_.find('\n')) {
      std::string line = text_.substr(0, end);
      text_.erase(0, end + 1);
      while (!line.empty() && line.back() == '\r') {
        line.pop_back();
      }
      if (!line.empty() && !tell(line)) {
        return false;
      }
    }
    return text_.size() <= kLongestLine;
  }

  CURL* curl_;
  const Stream& stream_;
  std::string piece_;
  std::size_t sent_ = 0;
  std::string text_;
  std::optional<Error> failure_;
};

}  // namespace

Result<Reply> Http::pass(const Request& request, const Stream& stream) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) {
    return fail(ErrorCode::kSystem, "cannot start libcurl");
  }
  Headers headers(request);
  if (stream.more) {
    headers.add("Transfer-Encoding: chunked");
  }
  char detail[CURL_ERROR_SIZE] = "";
  set_up(curl, address_, request, headers, detail);
  Transfer transfer(curl, stream);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  if (stream.more) {
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, Transfer::give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &transfer);
  } else {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Transfer::take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(
                       std::chrono::duration_cast<std::chrono::seconds>(request.deadline).count()));
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  transfer.finish();
  if (auto failure = transfer.take_failure()) {
    return Failure(std::move(*failure));
  }
  if (code != CURLE_OK) {
    return explained(curl, code, address_, request, detail);
  }
  Reply reply;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  reply.body = transfer.take_text();
  return reply;
}

}  // namespace paddock::engine
