#include "keep/guest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace paddock::keep {
namespace {

enum Index : std::size_t { kControl, kInput, kOutput, kErrors };
constexpr std::size_t kChunk = 65536;

bool is_passing(int error) {
  return error == EINTR || error == EAGAIN;
}

}  // namespace

void Guest::want(std::vector<pollfd>& polls, bool takes_input) const {
  polls.push_back({control_.get(), POLLIN, 0});
  polls.push_back({takes_input ? in_.get() : -1, POLLIN, 0});
  for (const std::size_t stream : {0, 1}) {
    polls.push_back({pending_.at(stream).empty() ? -1 : out_.at(stream).get(), POLLOUT, 0});
  }
}

std::optional<Request> Guest::hear(const pollfd* ready) {
  if (ready[kControl].revents == 0 || is_gone()) {
    return std::nullopt;
  }
  auto packet = receive_packet(control_.get());
  const auto request = packet && !packet->text.empty() ? decode_request(packet->text)
                                                       : fail(ErrorCode::kStateCorrupt, "gone");
  const bool enters = request && (request->verb == Verb::kAttach || request->verb == Verb::kTake);
  if (!request || attached_ == enters) {
    leave();
    return std::nullopt;
  }
  if (!attached_) {
    take(std::move(packet->descriptors));
  }
  ends_input_ = ends_input_ || request->verb == Verb::kEndInput;
  return is_gone() ? std::nullopt : std::optional<Request>(*request);
}

void Guest::take(std::vector<os::UniqueFd> descriptors) {
  if (descriptors.size() != 3) {
    return leave();
  }
  in_ = std::move(descriptors[0]);
  out_ = {std::move(descriptors[1]), std::move(descriptors[2])};
  for (const os::UniqueFd& out : out_) {
    ::fcntl(out.get(), F_SETFL, ::fcntl(out.get(), F_GETFL) | O_NONBLOCK);
  }
  attached_ = true;
}

std::string Guest::read_input(const pollfd* ready) {
  if (ready[kInput].revents == 0 || !in_) {
    return {};
  }
  std::string bytes(kChunk, '\0');
  const ssize_t got = ::read(in_.get(), bytes.data(), bytes.size());
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (got == 0 || (got < 0 && !is_passing(errno))) {
    in_.reset();  // whether that ends the workload's input too, it says itself
  }
  return bytes;
}

void Guest::proceed(const pollfd* ready) {
  for (const std::size_t stream : {0, 1}) {
    if (ready[kOutput + stream].revents != 0) {
      flush(stream);
    }
  }
}

void Guest::write(Stream stream, std::string_view bytes) {
  const auto index = static_cast<std::size_t>(stream);
  if (!out_.at(index)) {
    return;
  }
  if (!is_pending()) {
    moved_ = std::chrono::steady_clock::now();
  }
  pending_.at(index).append(bytes);
  flush(index);
}

void Guest::flush(std::size_t stream) {
  std::string& pending = pending_.at(stream);
  const ssize_t wrote = ::write(out_.at(stream).get(), pending.data(), pending.size());
  if (wrote > 0) {
    pending.erase(0, static_cast<std::size_t>(wrote));
    moved_ = std::chrono::steady_clock::now();
  } else if (wrote < 0 && !is_passing(errno)) {
    pending.clear();
    out_.at(stream).reset();  // it does not want this one any more
  }
}

void Guest::welcome(const Reply& reply) {
  if (!send_packet(control_.get(), encode(reply))) {
    leave();
  }
}

void Guest::refuse(const Reply& reply) {
  welcome(reply);
  leave();
}

void Guest::tell_end(const Reply& reply) {
  if (attached_ && !is_gone()) {
    welcome(reply);
  }
  leave();
}

void Guest::leave() {
  *this = Guest(os::UniqueFd());
}

}  // namespace paddock::keep
