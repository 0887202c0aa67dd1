// Routes. connect(2) of a datagram socket looks the route up and sends nothing; the addresses
// are those kept for documentation (RFC 5737, RFC 3849).
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>

#include "os/file.hpp"
#include "proof/trials.hpp"

namespace paddock::proof {
namespace {

constexpr std::string_view kLeaf = "/network/mode";
constexpr std::uint16_t kDiscardPort = 9;

std::vector<ProbeCall> connect_calls(int family, const void* address, std::size_t size) {
  return {{SYS_socket, {integer(family), integer(SOCK_DGRAM | SOCK_CLOEXEC), "i0"}},
          {SYS_connect, {result(0), bytes(address, size), integer(static_cast<long>(size))}}};
}

std::vector<ProbeCall> connect_v4(const char* address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(kDiscardPort);
  ::inet_pton(AF_INET, address, &to.sin_addr);
  return connect_calls(AF_INET, &to, sizeof to);
}

std::vector<ProbeCall> connect_v6(const char* address) {
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(kDiscardPort);
  ::inet_pton(AF_INET6, address, &to.sin6_addr);
  return connect_calls(AF_INET6, &to, sizeof to);
}

/// Whether loopback has an IPv6 address there: the kernel may lack it, or have it switched off.
bool has_v6(const View& view) {
  const auto text =
      os::read_kernel_file("/proc/" + std::to_string(view.subject.pid) + "/net/if_inet6");
  return text && !text->empty();
}

}  // namespace

void try_network(const View& view, std::vector<Trial>& list) {
  if (!view.requires_("network.none")) {
    return;
  }
  Trials trials(list, "network.none");
  std::string twin = trials.must_succeed(kLeaf, "reach 127.0.0.1", connect_v4("127.0.0.1"));
  trials.must_fail(kLeaf, "reach 192.0.2.1", connect_v4("192.0.2.1"), {ENETUNREACH}, twin)
      .decisive = 1;
  if (has_v6(view)) {
    twin = trials.must_succeed(kLeaf, "reach ::1", connect_v6("::1"));
    trials.must_fail(kLeaf, "reach 2001:db8::1", connect_v6("2001:db8::1"), {ENETUNREACH}, twin)
        .decisive = 1;
  }
}

}  // namespace paddock::proof
