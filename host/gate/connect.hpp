// Taking the channel and the three streams over a socket, where a launcher cannot let the gate
// inherit them (protocol.h, "connect").
#pragma once

namespace gate {

/// Connects to `path`, takes the streams as 0, 1 and 2, and returns the channel. The connection is
/// closed, or its leash. Ends the gate when that fails: nobody waits for it then.
int take_channel(const char* path, bool keep_leash);

/// Both halves of it, alike.
int connect_to(const char* path);
int take_from(int fd);

/// Which of the streams that came are terminals, as sum of 1, 2 and 4. gVisor does not tell.
unsigned terminals();

/// Says why and ends the gate, which has no channel yet.
[[noreturn]] void give_up(const char* text);

}  // namespace gate
