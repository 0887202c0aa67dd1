// A terminal of the sandbox's own kernel, where one of the host's can control no session: the gate
// passes on what is typed at the one and shown on the other. [the gate that stays as init]
#pragma once

#include <poll.h>

namespace gate {

/// Puts one in the place of those of the streams 0, 1 and 2 that are terminals, and takes it as
/// controlling terminal. False where that does not work, with errno.
bool make_pty();
bool has_pty();

/// In the command, before it is executed: it gets signals that are typed, in a group of its own.
void take_pty();

/// Entries for poll(2), both unused without a terminal, and what came of them.
void want_pty(pollfd* two);
void proceed_pty(const pollfd* two);

void resize_pty(unsigned short rows, unsigned short columns);

/// Passes on what is there to show yet.
void drain_pty();

}  // namespace gate
