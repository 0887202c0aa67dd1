// What an ordinary user's Podman needs to have networks: a program that carries packets between a
// namespace of the user's and the machine's, and the device that this one takes them from.
#pragma once

#include "paddock/contract/messages.hpp"

namespace paddock::podman {

/// Takes networks out of what is supported, and says why, where this user's Podman can make none.
void withhold_networks(contract::ProbeReply& reply);

}  // namespace paddock::podman
