#include "gate_link.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "paddock/contract/json_value.hpp"

namespace paddock::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kHelloTimeoutMs = 5000;
constexpr std::size_t kMaxHelloBytes = 4096;

std::string name_of(const fs::path& descriptor) {
  std::error_code gone;
  return fs::read_symlink(descriptor, gone).string();
}

void close_once(int& fd) {
  if (fd >= 0) {
    close(fd);
    fd = -1;
  }
}

}  // namespace

GateLink::GateLink() {
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
    near_ = ends[0];
    far_ = ends[1];
    far_name_ = name_of(fs::path("/proc/self/fd") / std::to_string(far_));
  }
  null_ = open("/dev/null", O_RDWR | O_CLOEXEC);
}

GateLink::~GateLink() {
  close_once(near_);
  close_once(far_);
  close_once(null_);
}

void GateLink::close_far_end() {
  close_once(far_);
}

bool GateLink::is_held_by(std::int64_t pid) const {
  std::error_code unreadable;
  const fs::directory_iterator open("/proc/" + std::to_string(pid) + "/fd", unreadable);
  return !unreadable && !far_name_.empty() &&
         std::any_of(begin(open), end(open),
                     [&](const auto& entry) { return name_of(entry.path()) == far_name_; });
}

contract::GateSpec GateLink::spec(const std::string& gate) const {
  return {gate, far_, null_, null_, null_};
}

bool GateLink::read_exactly(char* to, std::size_t size) {
  for (std::size_t got = 0; got < size;) {
    pollfd wait = {near_, POLLIN, 0};
    if (poll(&wait, 1, kHelloTimeoutMs) <= 0) {
      return false;
    }
    const ssize_t n = read(near_, to + got, size - got);
    if (n <= 0) {
      return false;
    }
    got += static_cast<std::size_t>(n);
  }
  return true;
}

Result<std::int64_t> GateLink::hello() {
  unsigned char length[4] = {};
  if (!read_exactly(reinterpret_cast<char*>(length), sizeof(length))) {
    return fail(ErrorCode::kGate, "the gate says no hello on its channel");
  }
  const std::size_t size =
      length[0] | length[1] << 8U | length[2] << 16U | std::size_t{length[3]} << 24U;
  std::string frame(size <= kMaxHelloBytes ? size : 0, '\0');
  if (frame.empty() || !read_exactly(frame.data(), frame.size())) {
    return fail(ErrorCode::kGate, "the gate's hello is cut short");
  }
  const auto hello = contract::parse_json(frame);
  const auto* name = hello ? hello->find("gate") : nullptr;
  const auto* pid = hello ? hello->find("pid") : nullptr;
  if (name == nullptr || pid == nullptr || !name->text.starts_with("paddock-gate/")) {
    return fail(ErrorCode::kGate, "the channel's first frame is not a gate's hello: " + frame);
  }
  return pid->integer;
}

}  // namespace paddock::testing
