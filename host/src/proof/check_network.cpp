// Kernel state of the sandbox's networks: interfaces, routes, addresses.
#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "os/file.hpp"
#include "proof/view.hpp"

namespace paddock::proof {
namespace {

constexpr std::string_view kMode = "/network/mode";
constexpr std::string_view kEgress = "/network/egress";

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(std::move(word));
  }
  return words;
}

/// Lines of /proc/PID/net/NAME, in words. None without IPv6, whose files are then missing.
std::vector<std::vector<std::string>> read_lines(const View& view, const char* name) {
  std::istringstream text(
      os::read_kernel_file("/proc/" + std::to_string(view.subject.pid) + "/net/" + name)
          .value_or(""));
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(text, line);) {
    lines.push_back(words_of(line));
  }
  return lines;
}

/// Interfaces with a route of IPv4 (the first line is a header), and those with a route or an
/// address of IPv6 (the last word is the device), without loopback. proc(5)
std::vector<std::string> leading_out(const View& view) {
  std::vector<std::string> found;
  const auto add = [&](const std::string& what, const std::string& device) {
    if (device != "lo") {
      found.push_back(what + " of " + printable(device));
    }
  };
  auto routes = read_lines(view, "route");
  for (std::size_t i = 1; i < routes.size(); ++i) {
    if (!routes[i].empty()) {
      add("route", routes[i].front());
    }
  }
  for (const auto& [file, what] :
       {std::pair("ipv6_route", "IPv6 route"), std::pair("if_inet6", "IPv6 address")}) {
    for (const auto& words : read_lines(view, file)) {
      if (!words.empty()) {
        add(what, words.back());
      }
    }
  }
  return found;
}

bool has_default_route(const View& view) {
  const auto routes = read_lines(view, "route");
  return std::any_of(routes.begin(), routes.end(), [](const auto& words) {
    return words.size() > 7 && words[1] == "00000000" && words[7] == "00000000";
  });
}

void check_none(const View& view, Checks checks) {
  if (!view.interfaces) {
    return checks.unread("network interfaces", view.interfaces.error());
  }
  checks.equal(kMode, "network interfaces", "lo", join(*view.interfaces, ", "));
}

/// Who else is on it the backend tells (Sandbox::findings), and which ports lead in. Nobody is
/// where there is no link to one.
void check_isolated(const View& view, Checks checks) {
  if (!view.interfaces) {
    return checks.unread("network interfaces", view.interfaces.error());
  }
  if (view.requires_("egress.none") && view.interfaces->size() == 1) {
    return check_none(view, checks);
  }
  const bool pair = view.interfaces->size() == 2 &&
                    std::count(view.interfaces->begin(), view.interfaces->end(), "lo") == 1;
  checks.add(kMode, "network interfaces", "lo and one more",
             printable(join(*view.interfaces, ", ")), pair);
}

/// Sockets in the sandbox's network namespace, by protocol. Before the workload runs, whose they
/// are can only be somebody outside, who may ask on for it there, as Docker's resolver does.
std::vector<std::string> sockets_of_others(const View& view) {
  std::vector<std::string> found;
  for (const char* protocol : {"tcp", "tcp6", "udp", "udp6", "raw", "raw6"}) {
    if (const std::size_t lines = read_lines(view, protocol).size(); lines > 1) {  // with a header
      found.push_back(std::to_string(lines - 1) + " of " + protocol);
    }
  }
  return found;
}

void check_egress(const View& view, Checks checks) {
  if (read_lines(view, "route").empty()) {
    return checks.add(kEgress, "routes", "readable", "nothing", false);
  }
  checks.none(kEgress, "routes and IPv6 addresses that lead out", leading_out(view));
  if (!view.subject.handed_over) {
    checks.none(kEgress, "sockets that somebody outside has there", sockets_of_others(view));
  }
}

}  // namespace

void check_network(const View& view, std::vector<Check>& list) {
  if (view.requires_("network.none")) {
    check_none(view, Checks(list, "network.none"));
  }
  if (view.requires_("network.isolated")) {
    check_isolated(view, Checks(list, "network.isolated"));
  }
  if (view.requires_("egress.none")) {
    check_egress(view, Checks(list, "egress.none"));
  }
  if (view.requires_("egress.unrestricted")) {
    Checks(list, "egress.unrestricted")
        .equal(kEgress, "default route", "one", has_default_route(view) ? "one" : "none");
  }
}

}  // namespace paddock::proof
