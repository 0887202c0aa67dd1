#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "support/engine/network.hpp"
#include "support/lent_memory.hpp"
#include "support/namespace.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

constexpr const char* kResolver = "127.0.0.11";  // Docker's, in every network but its first

/// Of /proc/PID/net/dev, but loopback.
std::vector<std::string> links_of(pid_t pid) {
  std::istringstream lines(
      support::read_small_file("/proc/" + std::to_string(pid) + "/net/dev").value_or(""));
  std::vector<std::string> links;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    const std::size_t begin = line.find_first_not_of(' ');
    if (colon == std::string::npos || begin >= colon) {
      continue;
    }
    if (std::string name = line.substr(begin, colon - begin); name != "lo") {
      links.push_back(std::move(name));
    }
  }
  return links;
}

bool take_down(int socket, const std::string& link) {
  ifreq request{};
  if (link.size() >= sizeof request.ifr_name) {
    errno = ENODEV;
    return false;
  }
  std::memcpy(request.ifr_name, link.c_str(), link.size() + 1);
  if (::ioctl(socket, SIOCGIFFLAGS, &request) != 0) {
    return false;
  }
  request.ifr_flags = static_cast<short>(request.ifr_flags & ~IFF_UP);
  return ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
}

/// rtnetlink(7): `prohibit` one address in the table that knows loopback's.
struct ProhibitRequest {
  nlmsghdr header{};
  rtmsg route{};
  rtattr attribute{};
  in_addr address{};
};

ProhibitRequest prohibit(const char* address) {
  ProhibitRequest request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE | NLM_F_ACK;
  request.route.rtm_family = AF_INET;
  request.route.rtm_dst_len = 32;
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = RTPROT_STATIC;
  request.route.rtm_scope = RT_SCOPE_UNIVERSE;
  request.route.rtm_type = RTN_PROHIBIT;
  request.attribute.rta_type = RTA_DST;
  request.attribute.rta_len = RTA_LENGTH(sizeof request.address);
  ::inet_pton(AF_INET, address, &request.address);
  return request;
}

bool ask_kernel(const ProhibitRequest& request) {
  struct {
    nlmsghdr header;
    nlmsgerr error;
    char rest[sizeof(ProhibitRequest)];
  } reply{};
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const bool told = fd >= 0 && ::send(fd, &request, sizeof request, 0) == sizeof request &&
                    ::recv(fd, &reply, sizeof reply, 0) > 0 &&
                    reply.header.nlmsg_type == NLMSG_ERROR;
  errno = told ? -reply.error.error : errno;
  return told && reply.error.error == 0;
}

struct Outcome {
  const char* step = nullptr;
  int error = 0;
};

void work(Outcome& outcome,
          const support::Namespace& inside,
          const std::vector<std::string>& links,
          const ProhibitRequest& resolver) {
  if (!inside.enter()) {
    outcome = {"join", errno};
    return;
  }
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (const std::string& link : links) {
    if (socket < 0 || !take_down(socket, link)) {
      outcome = {"take a link down in", errno};
      return;
    }
  }
  if (!ask_kernel(resolver)) {
    outcome = {"close the way to the resolver in", errno};
  }
}

}  // namespace

Result<void> close_network(pid_t pid) {
  const auto inside = support::Namespace::of(pid, "net");
  if (!inside) {
    return fail_as(inside);
  }
  const std::vector<std::string> links = links_of(pid);
  const ProhibitRequest resolver = prohibit(kResolver);
  Outcome outcome;
  const int status = support::run_in_lent_memory([&] {
    work(outcome, *inside, links, resolver);
    return 0;
  });
  if (status < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  return outcome.step == nullptr && status == 0
             ? Result<void>{}
             : Result<void>(fail_errno(
                   outcome.error, "cannot " + std::string(outcome.step ? outcome.step : "close") +
                                      " the container's network"));
}

}  // namespace paddock::engine
