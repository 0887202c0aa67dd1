// Taking the channel and the three streams over a socket, where a launcher cannot let the gate
// inherit them (protocol.h, "connect").
#pragma once

namespace gate {

/// Connects to `path`, takes the streams as 0, 1 and 2, and returns the channel. Ends the gate
/// when that fails: nobody waits for it then.
int take_channel(const char* path);

/// Both halves of it, alike.
int connect_to(const char* path);
int take_from(int fd);

/// Says why and ends the gate, which has no channel yet.
[[noreturn]] void give_up(const char* text);

}  // namespace gate
