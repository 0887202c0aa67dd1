// Frames to the gate, as host/gate/protocol.h lays them down. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proof/gate_channel.hpp"

namespace paddock::proof {

std::string configure_frame(const contract::Plan& plan);
std::string probe_frame(const std::vector<Probe>& probes);
/// Errors: kGate (a NUL in a word, too long for the gate).
Result<std::string> hold_frame(const contract::Process& process);
std::string show_frame(const std::string& path);
std::string release_frame();

}  // namespace paddock::proof
