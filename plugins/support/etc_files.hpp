// The sandbox's /etc: a short list of the host's, and files made for this sandbox. Everything that
// is not on the list is absent, whoever runs paddock: as root, uid 1000 inside is uid 0 outside,
// and could read the host's shadow file if it were there.
#pragma once

#include <string>
#include <vector>

#include "support/host_root.hpp"

namespace paddock::support {

struct MadeFile {
  std::string target;
  std::string content;
};

/// passwd, group, hosts, hostname, nsswitch.conf for the plan's user and host name.
std::vector<MadeFile> made_files(const contract::Plan& plan);

/// Adds what the host's /etc has of the lists: files to copy, directories to bind, links.
void survey_etc(HostRoot& root);

}  // namespace paddock::support
