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
constexpr std::string_view kEgress = "/network/egress";
constexpr const char* kOther = "192.0.2.1";
constexpr const char* kOther6 = "2001:db8::1";
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

/// The same by way of one device: the kernel then takes every address for one on its link, whatever
/// the routes say. Needs no privilege since Linux 5.7.
std::vector<ProbeCall> by_device(std::vector<ProbeCall> calls, const std::string& device) {
  calls.insert(calls.begin() + 1,
               {SYS_setsockopt,
                {result(0), integer(SOL_SOCKET), integer(SO_BINDTODEVICE),
                 bytes(device.data(), device.size()), integer(static_cast<long>(device.size()))}});
  return calls;
}

void try_devices(const View& view, Trials& trials) {
  const std::string twin = trials.must_succeed(kEgress, "reach 127.0.0.1 by the device lo",
                                               by_device(connect_v4("127.0.0.1"), "lo"));
  for (const std::string& device : view.interfaces.value_or(std::vector<std::string>{})) {
    if (device == "lo") {
      continue;
    }
    const std::string by = " by the device " + device;
    trials
        .must_fail(kEgress, std::string("reach ") + kOther + by,
                   by_device(connect_v4(kOther), device), {ENETUNREACH}, twin)
        .decisive = 2;
    if (has_v6(view)) {
      trials
          .must_fail(kEgress, std::string("reach ") + kOther6 + by,
                     by_device(connect_v6(kOther6), device), {ENETUNREACH}, twin)
          .decisive = 2;
    }
  }
}

void try_egress(const View& view, Trials trials) {
  const std::string twin = trials.must_succeed(kEgress, "reach 127.0.0.1", connect_v4("127.0.0.1"));
  trials.must_fail(kEgress, std::string("reach ") + kOther, connect_v4(kOther), {ENETUNREACH}, twin)
      .decisive = 1;
  try_devices(view, trials);
}

void try_no_network(const View& view, std::vector<Trial>& list) {
  Trials trials(list, "network.none");
  // gVisor's own stack says it in another word.
  const std::vector<int> no_route =
      view.guest ? std::vector<int>{ENETUNREACH, EHOSTUNREACH} : std::vector<int>{ENETUNREACH};
  std::string twin = trials.must_succeed(kLeaf, "reach 127.0.0.1", connect_v4("127.0.0.1"));
  trials.must_fail(kLeaf, std::string("reach ") + kOther, connect_v4(kOther), no_route, twin)
      .decisive = 1;
  if (has_v6(view)) {
    twin = trials.must_succeed(kLeaf, "reach ::1", connect_v6("::1"));
    trials.must_fail(kLeaf, std::string("reach ") + kOther6, connect_v6(kOther6), no_route, twin)
        .decisive = 1;
  }
}

}  // namespace

void try_network(const View& view, std::vector<Trial>& list) {
  if (view.requires_("network.none")) {
    try_no_network(view, list);
  }
  if (view.requires_("egress.none")) {
    try_egress(view, Trials(list, "egress.none"));
  }
  if (view.requires_("egress.unrestricted")) {
    Trials(list, "egress.unrestricted")
        .must_succeed(kEgress, std::string("find a route to ") + kOther, connect_v4(kOther));
  }
}

}  // namespace paddock::proof
