// The host's end of a paddock_out: joins the pieces, up to a limit. [one thread]
#pragma once

#include <cstddef>
#include <string>

#include "paddock/plugin.h"

namespace paddock::plugin {

class ReplyBuffer {
 public:
  explicit ReplyBuffer(std::size_t limit) : limit_(limit) {}
  ReplyBuffer(const ReplyBuffer&) = delete;
  ReplyBuffer& operator=(const ReplyBuffer&) = delete;

  const paddock_out* out() { return &out_; }
  const std::string& text() const { return text_; }
  bool overflowed() const { return overflowed_; }

 private:
  static int write(void* ctx, paddock_bytes bytes) {
    auto& self = *static_cast<ReplyBuffer*>(ctx);
    // A null pointer with a length is as wrong as too many bytes; neither is read.
    if (self.overflowed_ || bytes.len > self.limit_ - self.text_.size() ||
        (bytes.ptr == nullptr && bytes.len != 0)) {
      self.overflowed_ = true;
      return 1;
    }
    self.text_.append(bytes.ptr == nullptr ? "" : bytes.ptr, bytes.len);
    return 0;
  }

  std::size_t limit_;
  std::string text_;
  bool overflowed_ = false;
  paddock_out out_{sizeof(paddock_out), this, &ReplyBuffer::write};
};

}  // namespace paddock::plugin
